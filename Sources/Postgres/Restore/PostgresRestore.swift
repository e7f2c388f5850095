package import BackupModel
package import DumpFormat

/// Brings a segmented dump back: looks first, fills a database of its own, and only then lets anybody see it in its place.
package struct PostgresRestore: Sendable {
    let reader: DumpReader
    let server: ConnectionTarget
    let destination: RestoreDestination
    let options: RestoreOptions
    let progress: ProgressSink

    /// - Parameter server: host, role and the like; its database does not matter.
    package init(
        of reader: DumpReader, to destination: RestoreDestination, on server: ConnectionTarget, options: RestoreOptions,
        progress: @escaping ProgressSink
    ) {
        self.reader = reader
        self.server = server
        self.destination = destination
        self.options = options
        self.progress = progress
    }

    /// What a restore would do and what stands in its way; nothing is touched.
    package func plan() async throws -> RestorePlan {
        let scripts = try await DumpScripts.read(from: reader)
        return try await Maintenance.open(on: server) { try await plan(scripts, over: $0) }
    }

    /// - Throws: `BackupError`, with the place where it stopped; the server is then as it was.
    package func run() async throws -> RestoredDatabase {
        let watch = Stopwatch(options.clock)
        let scripts = try await DumpScripts.read(from: reader)
        return try await Maintenance.open(on: server) { connection in
            let plan = try await plan(scripts, over: connection)
            if let refusal = plan.findings.refusal { throw refusal }
            for finding in plan.findings { progress(.warning(finding.message)) }
            let place = RestorePlace(destination: destination, server: server, keepsUnfinished: options.keepsUnfinished)
            return try await place.fill(over: connection) {
                try await DatabaseCreation(name: $0, source: reader.index.source, serverVersion: try await connection.serverVersion)
                    .run(over: connection)
            } with: { target in
                try await fill(target, scripts, watch, over: connection)
            } dress: { name in
                guard let properties = reader.index.database else { return }
                try await DatabaseProperties(properties, StatementFilter(ownership: options.ownership)).apply(to: name, over: connection)
            }
        }
    }

    private func fill(_ target: ConnectionTarget, _ scripts: DumpScripts, _ watch: Stopwatch, over connection: PostgresConnection)
        async throws
        -> RestoredContents
    {
        let restore = DatabaseRestore(
            reader: reader, scripts: scripts, target: target, options: appliedOptions,
            indexMemory: try await IndexMemory.choose(options, isLocal: connection.isLocal), watch: watch, progress: progress)
        return try await restore.run()
    }

    private var replaces: Bool {
        if case .replacing = destination { return true }
        return false
    }

    /// What takes the place of another database is always read back first.
    private var appliedOptions: RestoreOptions {
        var applied = options
        if replaces { applied.readsBack = true }
        return applied
    }

    private func plan(_ scripts: DumpScripts, over connection: PostgresConnection) async throws -> RestorePlan {
        let index = SampledIndex(reader.index, options.sample).index
        let wanted = try TableSelection.resolve(options.tables, in: scripts)
        let tables = wanted.isEmpty ? index.tables : index.tables.filter { wanted.contains($0.key) }
        let needs = RestoreNeeds(index: index, scripts: scripts, options: options, appliesProperties: replaces)
        let findings = try await RestorePlace(destination: destination, server: server).findings(needs, over: connection)
        return RestorePlan(
            source: index.source.database, takenAt: index.source.startedAt, serverVersion: index.source.serverVersion,
            destination: destination, tables: tables.count, rows: tables.reduce(0) { $0 + $1.rows },
            bytes: tables.reduce(0) { $0 + $1.bytes }, estimatedBytes: needs.bytes, jobs: options.jobs, findings: findings)
    }
}
