package import BackupModel

/// Brings another program's dump back through psql or pg_restore, into a database of its own, with the same care for what is there.
package struct ForeignRestore: Sendable {
    private(set) var dump: ForeignDump
    let server: ConnectionTarget
    let destination: RestoreDestination
    let options: RestoreOptions
    let origin: DumpOrigin
    let programFolder: String?
    let searchPath: String?
    let surroundings: ProgramSurroundings
    let progress: ProgressSink

    package init(
        of dump: ForeignDump, to destination: RestoreDestination, on server: ConnectionTarget, options: RestoreOptions,
        origin: DumpOrigin = DumpOrigin(), programFolder: String?, searchPath: String?, surroundings: ProgramSurroundings = .ours,
        progress: @escaping ProgressSink
    ) {
        self.dump = dump
        // What only we may open is handed over through a pipe.
        if surroundings.isOtherAccount { self.dump.path = nil }
        self.server = server
        self.destination = destination
        self.options = options
        self.origin = origin
        self.programFolder = programFolder
        self.searchPath = searchPath
        self.surroundings = surroundings
        self.progress = progress
    }

    package func plan() async throws -> RestorePlan {
        try checkOptions()
        return try await Maintenance.open(on: server) { try await plan(over: $0) }
    }

    package func run() async throws -> RestoredDatabase {
        try checkOptions()
        return try await Maintenance.open(on: server) { connection in
            let plan = try await plan(over: connection)
            if let refusal = plan.findings.refusal { throw refusal }
            for finding in plan.findings { progress(.warning(finding.message)) }
            let programs = try await ClientPrograms.find(
                forServer: try await connection.serverVersion, preferred: programFolder, path: searchPath)
            return try await RestorePlace(destination: destination, server: server).fill(over: connection) {
                try await connection.execute("CREATE DATABASE \(SQL.identifier($0)) TEMPLATE template0")
            } with: { target in
                progress(.began(phase: "load", totalBytes: dump.bytes.byteCount, totalItems: nil))
                try await fill(target, programs)
                progress(.ended(phase: "load"))
                return nil
            }
        }
    }

    private func plan(over connection: PostgresConnection) async throws -> RestorePlan {
        let place = RestorePlace(destination: destination, server: server)
        var findings = try await place.findings(RestoreNeeds(), over: connection)
        let file = origin.isOurs ? "an archive in pg_dump's own format" : "another program's dump"
        findings.append(.warning("the file is \(file): it says nothing that what comes back could be compared with"))
        return RestorePlan(
            source: origin.database, takenAt: origin.takenAt, serverVersion: origin.serverVersion, destination: destination,
            jobs: dump.form == .archive ? options.jobs : 1, findings: findings)
    }

    private func checkOptions() throws {
        if options.readsBack {
            throw BackupError(
                .invalidUsage, "--read-back needs a dump of this system: a dump of pg_dump has no digests to compare with",
                hint: "Restore it without, and compare by hand what matters.")
        }
        guard case .script = dump.form else { return }
        let asks = [
            ("--table", !options.tables.isEmpty), ("--no-owner", options.ownership.skipsOwners),
            ("--no-privileges", options.ownership.skipsPrivileges), ("--no-tablespaces", options.ownership.skipsTablespaces),
        ]
        guard let ask = asks.first(where: \.1)?.0 else { return }
        throw BackupError(
            .invalidUsage, "\(ask) needs a dump of this system or a custom archive: a plain script is run as it is",
            hint: "Restore the whole script into a new database and take from there what is needed.")
    }

    private func fill(_ target: ConnectionTarget, _ programs: ClientPrograms) async throws {
        switch dump.form {
        case .archive:
            try await ArchiveRestore(dump: dump, options: options, surroundings: surroundings, progress: progress).run(on: target, programs)
        case .script:
            try await PlainScriptRestore(dump: dump, options: options, surroundings: surroundings, progress: progress)
                .run(on: target, programs)
        }
        if options.analyzes { try await analyze(target) }
    }

    /// Statistics are no contents: what the server cannot sample now, autovacuum will see later. A plain ANALYZE would also ask other servers
    /// for the rows of foreign tables, and stop where one cannot be asked.
    private func analyze(_ target: ConnectionTarget) async throws {
        try await PostgresConnection.with(target, applicationName: "call-center-backup restore") { connection in
            try await connection.execute("SET statement_timeout = 0")
            let relations = try await Relations.read(over: connection)
            let views = relations.all.filter { $0.kind == "m" && !$0.isExtensions }
            for relation in relations.sampled + views { try await analyze(relation.quoted, over: connection) }
        }
    }

    private func analyze(_ table: [UInt8], over connection: PostgresConnection) async throws {
        do {
            try await connection.execute(Array("ANALYZE ".utf8) + table)
        } catch let error as BackupError where error.sqlState != nil {
            progress(.warning("\(String(decoding: table, as: UTF8.self)) could not be analyzed: \(error.message)"))
        }
    }
}
