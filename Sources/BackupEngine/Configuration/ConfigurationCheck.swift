package import BackupModel
import BackupReports
import ObjectStores
import OutboundHTTP
import Postgres
import Redis

/// Tries what a backup will need, one thing after the other, and goes on after a failure.
package struct ConfigurationCheck: Sendable {
    let configuration: BackupConfiguration
    let context: RunContext

    package init(configuration: BackupConfiguration, context: RunContext) {
        self.configuration = configuration
        self.context = context
    }

    /// What one check came to.
    package struct Finding: Sendable {
        package enum Outcome: Sendable {
            case good
            /// A backup would go on; somebody should look all the same.
            case doubtful(hint: String)
            case failed(BackupError)
        }

        package var name: String
        package var message: String
        package var outcome: Outcome

        package var failure: BackupError? {
            if case .failed(let error) = outcome { error } else { nil }
        }
    }

    package func run() async -> [Finding] {
        var findings: [Finding] = []
        if let folder = configuration.backupFolder { findings.append(await finding("BACKUP_DIR") { try await check(folder) }) }
        if configuration.s3 != nil || configuration.gcs != nil { findings.append(await finding("buckets", buckets)) }
        findings += rates
        findings.append(await finding("BACKUP_STATE_DIR", stateFolder))
        for database in configuration.databases {
            findings.append(await finding("database \(database)") { try await rights(in: database) })
        }
        findings.append(await finding("pg_dump", programs))
        findings.append(await finding("proof", proof))
        if let redis = configuration.redis { findings.append(await finding("Redis") { try await source(redis) }) }
        if let files = configuration.http?.tls { findings.append(await finding("certificate") { try certificate(files) }) }
        findings.append(await finding("alerts", alerts))
        return findings
    }

    private func certificate(_ files: BackupHTTPSettings.TLSFiles) throws -> (String, Finding.Outcome) {
        let end = try LoadedCertificate(files).end
        let message = "\(files.certificates) is valid until \(end.display(asOf: context.now()))"
        return (message, end > context.now() ? .good : .doubtful(hint: "Renew it: clients refuse one that has run out."))
    }

    /// Only whether there are any, and can read what they need: `alert test` calls people.
    private func alerts() async throws -> (String, Finding.Outcome) {
        let settings = configuration.alerts
        if settings.isEmpty { return (AlertSettings.nobodyIsTold, .doubtful(hint: AlertSettings.channelHint)) }
        try settings.email?.server.requireAuthorities()
        return ("\(settings.channelNames.joined(separator: ", ")); `call-center-admin alert test` tries them", .good)
    }

    private func finding(_ name: String, _ check: () async throws -> (String, Finding.Outcome)) async -> Finding {
        do {
            let (message, outcome) = try await check()
            return Finding(name: name, message: message, outcome: outcome)
        } catch {
            let failure = error as? BackupError ?? BackupError(.failed, "\(error)")
            return Finding(name: name, message: "\(failure)", outcome: .failed(failure))
        }
    }

    private func check(_ folder: String) async throws -> (String, Finding.Outcome) {
        let store = LocalStore(root: folder)
        if case .missing(let ancestor) = try await store.probe() {
            return (
                "\(store.root) is not there; the first backup makes it in \(ancestor)",
                .doubtful(hint: "If there are backups already, BACKUP_DIR is mistyped or its file system is not mounted.")
            )
        }
        let space = try await store.space()
        let message = "\(store.root) can be written, \(ByteSize(space.freeBytes)) of \(ByteSize(space.totalBytes)) free"
        let used = max(space.percentUsed(), space.percentOfInodesUsed())
        guard used > configuration.diskMaxPercent else { return (message, .good) }
        return (
            "\(message): \(used) % are used, more than the \(configuration.diskMaxPercent) % of BACKUP_DISK_MAX_PERCENT",
            .doubtful(
                hint: "A backup would prune, and fail if that does not help. See what could go with `call-center-admin db prune --dry-run`."
            )
        )
    }

    /// Only whether they answer and may be read: `storage check` writes into them.
    private func buckets() async throws -> (String, Finding.Outcome) {
        var answers: [String] = []
        for store in try ConfiguredStores(configuration, context: context).all where !(store is LocalStore) {
            let files = try await store.list().count
            answers.append("\(store.name) can be listed, \(files.counted("file"))")
        }
        return (answers.joined(separator: "; ") + "; `call-center-admin storage check` tries more", .good)
    }

    private func stateFolder() async throws -> (String, Finding.Outcome) {
        let store = LocalStore(root: configuration.stateFolder)
        if case .missing(let ancestor) = try await store.probe() {
            return ("\(store.root) is not there; the first backup makes it in \(ancestor)", .good)
        }
        return ("\(store.root) can be written", .good)
    }

    private func rights(in database: String) async throws -> (String, Finding.Outcome) {
        try await withServer(database) { connection in
            let version = try await connection.parameter("server_version") ?? "of unknown version"
            let rights = try await ReadingRights.read(over: connection)
            try rights.requireEverything()
            let message =
                "PostgreSQL \(version) answers, a \(rights.isStandby ? "standby" : "primary"); the role \(rights.role) may read "
                + "\(rights.relations.counted("table or sequence", "tables and sequences")), which is all"
            return (message, .good)
        }
    }

    private func source(_ redis: RedisSettings) async throws -> (String, Finding.Outcome) {
        let topology = try await redis.search()
        let findings = topology.remarks + topology.sources.flatMap(\.findings)
        if let refusal = findings.refusal { throw refusal }
        let places = topology.sources.map { "\($0.endpoint.place)\($0.isReplica ? " (a replica)" : "")" }.joined(separator: ", ")
        let version = topology.sources.first?.facts.version.map { "\($0)" } ?? "of unknown version"
        guard let doubt = findings.first else {
            guard topology.sources.contains(where: \.facts.hidesRights) else {
                return ("\(version) answers and may be copied, at \(places)", .good)
            }
            return (
                "\(version) answers, at \(places); whether its user may copy it could not be asked",
                .doubtful(hint: "Take a backup, which will tell; or grant +acl|whoami +acl|dryrun and check again.")
            )
        }
        return ("\(version) answers at \(places); \(doubt.message)", .doubtful(hint: doubt.hint ?? "A backup goes on all the same."))
    }

    /// Without a server there is still something to say of the programs.
    private func programs() async throws -> (String, Finding.Outcome) {
        let version: Int
        do {
            version = try await withServer(configuration.databases[0]) { try await $0.serverVersion }
        } catch let error as BackupError {
            return try await programsForAnyServer(error)
        }
        let programs = try await ClientPrograms.find(
            forServer: version, preferred: configuration.programFolder, path: configuration.searchPath
        )
        return ("release \(programs.major) in \(programs.folder) fits the server", .good)
    }

    private func programsForAnyServer(_ error: BackupError) async throws -> (String, Finding.Outcome) {
        let newest = await ClientPrograms.newest(preferred: configuration.programFolder, path: configuration.searchPath)
        guard let newest else {
            throw BackupError(
                .versionMismatch, "no pg_dump was found", hint: "Install the PostgreSQL client, or name its folder in PG_BIN_DIR.")
        }
        return (
            "release \(newest.major) in \(newest.folder); whether it fits is not known, as the server did not answer",
            .doubtful(hint: "Run the check again when the server can be reached.")
        )
    }

    func withServer<Result: Sendable>(_ database: String, _ body: (PostgresConnection) async throws -> Result) async throws
        -> Result
    {
        try await PostgresConnection.with(configuration.source.with(database: database), applicationName: "config check", body)
    }
}
