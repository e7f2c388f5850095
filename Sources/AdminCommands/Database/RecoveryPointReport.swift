import BackupCatalog
import BackupModel

/// One recovery point as it is printed.
struct RecoveryPointReport: Report {
    private let point: RecoveryPoint
    private let now: Instant
    /// What it takes up beside older backups, in a list of all; nil elsewhere.
    var physicalBytes: Int64?

    init(_ point: RecoveryPoint, now: Instant) {
        self.point = point
        self.now = now
    }

    private var manifest: Manifest { point.manifest }
    var id: RecoveryPointID { point.id }
    var startedAt: Instant { manifest.startedAt }
    var duration: Duration { manifest.duration }
    var bytes: Int64 { manifest.bytes }
    /// Of the files that are there.
    var presentBytes: Int64 { manifest.artifacts.filter { !point.missing.contains($0.key) }.map(\.bytes).saturatingSum }
    private var databases: [String] { point.dumps.compactMap(\.database) + (point.redisDumps.isEmpty ? [] : ["Redis"]) }
    private var lacking: [String] { manifest.lacking.map(\.name) }

    /// `call_center, billing`, and what the run could not save: `call_center, without billing`.
    var databasesText: String {
        (databases + (lacking.isEmpty ? [] : ["without \(lacking.joined(separator: ", "))"])).joined(separator: ", ")
    }

    /// The condition, with what a verdict rests on.
    var state: String {
        switch point.condition {
        case .verified, .restored:
            guard let proof = point.lastProof else { return point.condition.rawValue }
            let words = point.condition == .verified ? "verified by restore" : "restored without an error"
            let limits = point.condition == .verified ? "" : ", rows not compared"
            return "\(words) \((now - proof.at).briefly) ago\(limits), recovery takes \(proof.recovery.precisely)"
        case .checked:
            guard let verdict = manifest.verifications.max(by: { $0.at < $1.at }) else { return point.condition.rawValue }
            return "checked (\(verdict.level.rawValue), \((now - verdict.at).briefly) ago), not restored"
        case .missingFiles, .changedFiles, .verificationFailed, .suspicious, .notVerified: return point.condition.rawValue
        }
    }

    /// How many stores hold it soundly, where it is damaged, which lack it, and of which that is not known.
    func copiesText(of stores: [String]) -> String {
        let sound = point.copies.filter(\.condition.isSound).map(\.store)
        let unknown = point.unknownStores
        let damaged = point.copies.filter { !$0.condition.isSound && $0.condition != .missingFiles }.map(\.store)
        let contradicted = point.contradictions.map(\.otherStore)
        let known = sound + damaged + unknown + contradicted
        let lacking = stores.filter { !known.contains($0) }
        let others =
            damaged.map { "damaged in \($0)" } + contradicted.map { "another manifest in \($0)" } + lacking.map { "not \($0)" }
            + unknown.map { "\($0) unknown" }
        return (["\(sound.count) of \(stores.count)"] + others).joined(separator: ", ")
    }

    private enum CodingKeys: CodingKey { case state, missing, resized, copies, unknownStores, contradictions, physicalBytes }

    /// The manifest's own fields, and what the store adds to them.
    func encode(to encoder: any Encoder) throws {
        var manifest = manifest
        manifest.verifications = point.verifications
        try manifest.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(point.condition, forKey: .state)
        try fields.encode(point.missing, forKey: .missing)
        try fields.encode(point.resized, forKey: .resized)
        try fields.encode(point.copies, forKey: .copies)
        try fields.encodeIfPresent(physicalBytes, forKey: .physicalBytes)
        if !point.unknownStores.isEmpty { try fields.encode(point.unknownStores, forKey: .unknownStores) }
        if !point.contradictions.isEmpty { try fields.encode(point.contradictions.map(\.description), forKey: .contradictions) }
    }

    func text(_ style: TextStyle) -> String {
        [style.heading("Backup \(id)"), facts(style), files(style), snapshots(style), redisCopies(style), verifications(style)]
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension RecoveryPointReport {
    private func facts(_ style: TextStyle) -> String {
        var facts = [
            ("taken", "\(startedAt.display(asOf: now)), in \(duration.precisely)"), ("size", "\(ByteSize(bytes))"),
            ("state", styledState(style)),
        ]
        if let server = manifest.postgres {
            facts.append(
                (
                    "server",
                    "PostgreSQL \(server.serverVersion), \(server.isStandby ? "standby" : "primary"), system \(server.systemIdentifier)"
                ))
        }
        if let skew = manifest.skewMilliseconds { facts.append(("skew", "\(skew) ms between PostgreSQL's snapshot and Redis' copy")) }
        if let origins = point.dumps.compactMap(\.origins).total { facts.append(("rows", origins.words)) }
        facts += manifest.redis.compactMap { copy in origins(of: copy).map { ("Redis", $0) } }
        facts += manifest.lacking.map { ("lacks", "\($0.name): \($0.reason)") }
        facts += (manifest.suspicion?.reasons ?? []).map { ("suspicious", $0) }
        if let accepted = manifest.suspicion?.accepted {
            facts.append(("accepted", accepted.at.display + (accepted.reason.map { ": \($0)" } ?? "")))
        }
        if let pin = manifest.pin { facts.append(("pinned", pin.at.display + (pin.reason.map { ": \($0)" } ?? ""))) }
        facts.append(("kept in", keptIn))
        facts += point.contradictions.map { ("doubted", $0.description) }
        facts.append(("written by", manifest.tool))
        return facts.map { "  \($0.0)\(String(repeating: " ", count: 12 - $0.0.count))\($0.1)" }.joined(separator: "\n")
    }

    /// Nil for a copy that was read from the server because it had to be.
    private func origins(of copy: RedisCopy) -> String? {
        guard let origins = point.redisDumps.first(where: { $0.key == copy.artifact })?.origins else { return nil }
        if let reason = origins.reason { return "\(ByteSize(origins.readBytes)) read, because \(reason)" }
        guard origins.reusedBytes > 0, let source = origins.source, let ground = copy.ground else { return nil }
        return "unchanged since \(ground.readAt.display(asOf: now)), \(ByteSize(origins.reusedBytes)) taken over from \(source)"
    }

    private var keptIn: String {
        let copies = point.copies.map { $0.store + ($0.condition.isSound ? "" : " (\($0.condition.rawValue))") }
        let unknown = point.unknownStores.map { "\($0) (unknown: \(point.unknownReasons[$0] ?? "it cannot be listed"))" }
        return (copies + unknown).joined(separator: ", ")
    }

    private func styledState(_ style: TextStyle) -> String {
        switch point.condition {
        case .verified, .restored: style.good(state)
        case .checked, .notVerified, .suspicious: style.doubtful(state)
        case .missingFiles, .changedFiles, .verificationFailed: style.alarm(state)
        }
    }

    private func files(_ style: TextStyle) -> String {
        let hasRedis = !point.redisDumps.isEmpty
        let rows = manifest.artifacts.map { artifact in
            let counts =
                [artifact.tables.map { "\($0)" } ?? "", artifact.rows?.grouped ?? ""] + (hasRedis ? [artifact.keys?.grouped ?? ""] : [])
            let state = point.missing.contains(artifact.key) ? "missing" : point.resized.contains(artifact.key) ? "size changed" : ""
            return [artifact.key, "\(ByteSize(artifact.bytes))"] + counts + [state]
        }
        let counts = ["TABLES", "ROWS"] + (hasRedis ? ["KEYS"] : [])
        return TextTable(["FILE", "SIZE"] + counts + [""], rows: rows).text(style, indent: "  ")
    }

    private func snapshots(_ style: TextStyle) -> String {
        let rows = manifest.postgres?.snapshots.map { [$0.database, $0.takenAt.display, $0.lsn, $0.snapshot] } ?? []
        return rows.isEmpty ? "" : TextTable("DATABASE", "SNAPSHOT TAKEN", "LSN", "SNAPSHOT", rows: rows).text(style, indent: "  ")
    }

    private func redisCopies(_ style: TextStyle) -> String {
        let rows = manifest.redis.map { copy in
            [
                copy.server + (copy.isReplica ? " (replica)" : ""), copy.version, copy.takenAt.display, "\(copy.offset)",
                copy.replicationID,
                copy.slots.map { "slots \($0)" } ?? "",
            ]
        }
        return rows.isEmpty
            ? "" : TextTable("REDIS", "VERSION", "COPY TAKEN", "OFFSET", "REPLICATION ID", "", rows: rows).text(style, indent: "  ")
    }

    /// Reasons are told where something failed; what was proved stands in the JSON.
    private func verifications(_ style: TextStyle) -> String {
        let verdicts = point.verifications
        guard !verdicts.isEmpty else { return "" }
        let hasCopies = point.copies.count > 1
        let rows = verdicts.map { verdict in
            [
                verdict.at.display, verdict.level.rawValue, verdict.passed ? "passed" : "FAILED",
                Duration.seconds(verdict.seconds).precisely,
                verdict.artifact,
            ] + (hasCopies ? [verdict.store ?? ""] : [])
        }
        let findings = verdicts.filter { !$0.passed }.flatMap(\.reasons).map { "    - \($0)" }
        let columns = ["VERIFIED AT", "LEVEL", "RESULT", "TOOK", "FILE"] + (hasCopies ? ["READ FROM"] : [])
        let table = TextTable(columns, rows: rows).text(style, indent: "  ")
        return ([table] + findings).joined(separator: "\n")
    }
}

extension RowOrigins {
    fileprivate var words: String {
        let taken = reusedBytes > 0 ? "\(ByteSize(reusedBytes)) unchanged since the backup before and taken over" : "none taken over"
        let audit = (auditedSegments ?? 0) > 0 ? "; segments read all the same that agreed: \((auditedSegments ?? 0).grouped)" : ""
        return "\(ByteSize(readBytes)) read, \(taken)\(audit)\(reason.map { ", because \($0)" } ?? "")"
    }
}
