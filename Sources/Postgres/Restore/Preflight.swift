import BackupModel
import DumpFormat

/// Decides from the facts whether a restore can succeed. Pure: what it needs to know is given.
struct Preflight: Sendable {
    let needs: RestoreNeeds
    let facts: ServerFacts
    let destination: RestoreDestination
    /// Sessions on the database that is to be replaced.
    let sessions: [DatabaseSession]
    /// What stands in the database of `--into`, when it exists: "table public.calls".
    let contents: String?
    /// Whether a killed restore has left the database that this one would fill.
    let hasLeftover: Bool

    var findings: [PreflightFinding] { [version, names, sessionsInTheWay, roles, tablespaces].flatMap { $0 } + extensions + space }

    private var version: [PreflightFinding] {
        let (source, target) = (needs.serverVersion / 10000, facts.serverVersion / 10000)
        guard target < source else { return [] }
        return [
            .refusal(
                .versionMismatch, "the dump is of PostgreSQL \(source) and the server is PostgreSQL \(target)",
                hint: "Restore on PostgreSQL \(source) or later: an older release does not know all of a newer one's statements.")
        ]
    }

    private var names: [PreflightFinding] {
        var findings: [PreflightFinding] = []
        switch destination {
        case .new(let name): if facts.databases.contains(name) { findings.append(taken(name)) }
        case .into(let name):
            if facts.databases.contains(name), let contents {
                findings.append(
                    .refusal(
                        .targetExists, "the database \(name) is not empty: it holds \(contents)",
                        hint: "Name another database, or drop that one first."))
            }
        case .replacing(_, let names, _): if facts.databases.contains(names.before) { findings.append(putAside(names.before)) }
        }
        return findings + (makesDatabase ? workingName : [])
    }

    private var makesDatabase: Bool {
        if case .into(let name) = destination { return !facts.databases.contains(name) }
        return true
    }

    private var workingName: [PreflightFinding] {
        let name = destination.workingName
        var findings: [PreflightFinding] = []
        if hasLeftover {
            findings.append(.warning("\(name), left unfinished by a restore that was killed, will be dropped"))
        } else if facts.databases.contains(name) {
            findings.append(
                .refusal(
                    .targetExists, "there is a database \(name) already",
                    hint: "Another restore of the same backup may be filling it: see pg_stat_activity. If not, drop it."))
        }
        if !facts.mayCreateDatabases {
            findings.append(
                .refusal(
                    .permissionDenied, "the role \(facts.user) may not create databases",
                    hint: "ALTER ROLE \(facts.user) CREATEDB, or have an empty database made and restore with --into."))
        }
        return findings
    }

    private func taken(_ name: String) -> PreflightFinding {
        .refusal(
            .targetExists, "there is a database \(name) already",
            hint: "It is of an earlier restore of the same backup: choose another name with --into, or drop it.")
    }

    private func putAside(_ name: String) -> PreflightFinding {
        .refusal(
            .targetExists, "there is a database \(name) already: what an earlier restore of the same backup put aside",
            hint: "Keep it under another name: ALTER DATABASE \(SQL.identifier(name)) RENAME TO …;")
    }

    private var sessionsInTheWay: [PreflightFinding] {
        guard case .replacing(let name, _, let terminates) = destination, !sessions.isEmpty else { return [] }
        let list = sessions.prefix(5).map(\.description).joined(separator: ", ")
        let more = sessions.count > 5 ? " and \(sessions.count - 5) more" : ""
        guard !terminates else { return [.warning("sessions on \(name) will be ended: \(list)\(more)")] }
        return [
            .refusal(
                .targetExists, "the database \(name) is in use: \(list)\(more)",
                hint: "Stop what uses it, or let the restore end those sessions with --terminate-sessions.")
        ]
    }

    private var roles: [PreflightFinding] {
        let missing = needs.roles.subtracting(facts.roles)
        guard !missing.isEmpty else { return [] }
        return [
            .refusal(
                .failed, "the server lacks the role\(missing.count > 1 ? "s" : "") \(missing.sorted().joined(separator: ", "))",
                hint: "Create them (the backup's globals-….sql has them all), or restore with --no-owner --no-privileges.")
        ]
    }

    private var tablespaces: [PreflightFinding] {
        let missing = needs.tablespaces.subtracting(facts.tablespaces)
        guard !missing.isEmpty else { return [] }
        return [
            .refusal(
                .failed, "the server lacks the tablespace\(missing.count > 1 ? "s" : "") \(missing.sorted().joined(separator: ", "))",
                hint: "CREATE TABLESPACE …, or restore with --no-tablespaces.")
        ]
    }

    private var extensions: [PreflightFinding] {
        needs.extensions.compactMap { needed in
            guard let versions = facts.extensions[needed.name] else {
                return .refusal(
                    .failed, "the server lacks the extension \(needed.name) \(needed.version)",
                    hint: "Install its package on the server, then run the command again.")
            }
            guard !versions.contains(needed.version) else { return nil }
            return .warning(
                "the extension \(needed.name) was \(needed.version); the server has \(versions.sorted().joined(separator: ", "))")
        }
    }

    private var space: [PreflightFinding] {
        switch facts.space {
        case .unknown(let why): return [.warning("free space on the server could not be checked: \(why)")]
        case .free(let bytes, let path):
            guard bytes < needs.bytes else { return [] }
            return [
                .refusal(
                    .outOfSpace, "about \(needs.bytes >> 20) MiB are needed and \(bytes >> 20) MiB are free in \(path)",
                    hint: "Free space there, or restore on another server.")
            ]
        }
    }
}
