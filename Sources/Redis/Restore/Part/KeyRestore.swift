import BackupModel
import RDBFormat

/// The road key by key: RESTORE for every selected key, then the same keys read back.
struct KeyRestore: RestoreProcedure {
    let file: RDBFile
    let target: RedisTarget
    let selection: KeySelection
    let replaces: Bool
    let settings: RestoreSettings
    let safety: SafetyBackup

    func plan(_ summary: RDBSummary) async throws -> RedisRestorePlan {
        var plan = RedisRestorePlan(
            road: .keys, target: "\(target)", summary: summary, keys: 0, keysThere: 0, movedAside: [:], findings: [])
        let places = try await places()
        for place in places {
            var facts = try await RedisConnection.with(place.endpoint, limits: settings.connection) {
                try await RestoreTargetFacts.gather(over: $0)
            }
            let scan = try await KeyScan.run(file, place.selection, longestArgument: facts.longestArgument)
            facts.database = try await access(to: scan.highestDatabase ?? 0, of: place.endpoint)
            plan.keys += scan.keys
            plan.keysThere = plan.keysThere.flatMap { sum in facts.server.keys.map { $0 + sum } }
            plan.findings += preflight(scan, summary, facts, place.endpoint).keys(scan)
        }
        if plan.keys == 0 { plan.findings.append(nothingSelected(summary)) }
        return plan
    }

    private func preflight(
        _ scan: KeyScan, _ summary: RDBSummary, _ facts: RestoreTargetFacts, _ server: RedisEndpoint
    ) -> LivePreflight {
        LivePreflight(summary: summary, needs: LoadNeeds(scan, of: summary), facts: facts, server: server)
    }

    /// Over a connection of its own: one that is idle while a large file is read may be closed.
    private func access(to database: UInt64, of server: RedisEndpoint) async throws -> DatabaseAccess {
        guard database > 0 else { return .open }
        return try await RedisConnection.with(server, limits: settings.connection) { try await $0.access(to: database) }
    }

    private func nothingSelected(_ summary: RDBSummary) -> PreflightFinding {
        .refusal(
            .artifactMissing, "the file holds no \(selection.description)",
            hint: "It has \(summary.content.keys) keys; patterns are those of KEYS: * ? [a-z] \\.")
    }

    /// One server, or every master of a cluster with the keys that are its own.
    private func places() async throws -> [(endpoint: RedisEndpoint, selection: KeySelection)] {
        let topology = try await TopologySearch(target, limits: settings.connection)()
        return topology.sources.map { source in
            var own = selection
            own.slots = source.slots
            return (source.endpoint, own)
        }
    }

    func run(_ plan: RedisRestorePlan) async throws -> RestoredRedis {
        let saved = try await safety()
        var restored = RestoredRedis(road: .keys, target: plan.target, keys: 0, bytes: plan.summary.byteCount)
        restored.safetyBackup = saved
        var counts = KeyCounts()
        do {
            for place in try await places() {
                let (more, stride) = try await run(at: place.endpoint, place.selection, version: plan.summary.header.version)
                counts.add(more)
                restored.comparedStride = max(restored.comparedStride, stride)
            }
        } catch let error as BackupError {
            throw failure(error, saved)
        } catch {
            settings.progress(
                .warning("the restore of keys into \(target) did not come to its end; what it held before is saved as \(saved)"))
            throw error
        }
        restored.keys = counts.restored
        restored.counts = counts
        restored.isReadBack = counts.restored > 0
        return restored
    }

    private func run(at endpoint: RedisEndpoint, _ selection: KeySelection, version: Int) async throws -> (KeyCounts, stride: Int) {
        try await RedisConnection.with(endpoint, limits: settings.connection) { connection in
            let clock = try await ServerClock.read(over: connection, now: settings.now)
            let load = try await load(selection, version: version, over: connection, clock)
            if load.counts.restored > 0 { try await compare(load.marks, at: endpoint, clock) }
            return (load.counts, load.marks.stride)
        }
    }

    private func load(_ selection: KeySelection, version: Int, over connection: RedisConnection, _ clock: ServerClock) async throws
        -> KeyLoad
    {
        settings.progress(.began(phase: "restore keys", totalBytes: nil, totalItems: nil))
        var load = KeyLoad(over: connection, version: version, replaces: replaces)
        var cutter = KeyCutter(selection)
        var pieces = try await file.pieces()
        while let piece = try await pieces.next() {
            try Task.checkCancellation()
            let keys: [CutKey]
            do { keys = try cutter.read(piece) } catch { throw file.damaged(error) }
            try await load.send(keys, now: clock.milliseconds(settings.now()))
            settings.progress(.advanced(bytes: Int64(piece.count), rows: Int64(keys.count), items: 0, item: nil))
        }
        try await load.finish()
        settings.progress(.ended(phase: "restore keys"))
        return load
    }

    /// Keys that expire while the copy is taken may be in one of the two and not in the other.
    private func compare(_ marks: KeyMarks, at endpoint: RedisEndpoint, _ clock: ServerClock) async throws {
        settings.progress(.began(phase: "compare", totalBytes: nil, totalItems: nil))
        var selection = RDBSelection(includes: { marks.contains($1, in: $0) })
        let found = try await ReadBack(endpoint: endpoint, settings: settings).survey {
            selection.expiryCutoff = clock.milliseconds(settings.now()) + Self.expiryMargin
            return selection
        }
        let expected = try await file.survey(selection)
        var comparison = ContentComparison(file: expected.content, server: found.content)
        comparison.comparesFunctions = false
        if let difference = comparison.difference {
            throw BackupError(
                .verificationFailed, "the restored keys were read back from \(endpoint) and differ from the file: \(difference)",
                hint: "Clients may have changed them meanwhile: restore again while nobody writes, with --replace-keys.")
        }
        settings.progress(.ended(phase: "compare"))
    }

    /// Between the answer to our request and the fork, in milliseconds, and some for rounding.
    private static let expiryMargin: Int64 = 10_000

    private func failure(_ error: BackupError, _ saved: String) -> BackupError {
        BackupError(
            error.code, "keys were not all restored into \(target): \(error.message); what it held before is saved as \(saved)",
            hint: error.hint, cause: error.cause)
    }
}

/// How far a server's clock is from ours: expiries are by its own.
struct ServerClock: Sendable {
    private let ahead: Duration

    static func read(over connection: RedisConnection, now: @Sendable () -> Instant) async throws -> ServerClock {
        let words = try await connection.ask(RedisCommand("TIME"))?.elements?.compactMap(\.text)
        guard let words, words.count == 2, let seconds = Int64(words[0]), let microseconds = Int64(words[1]) else {
            return ServerClock(ahead: .zero)
        }
        return ServerClock(ahead: Instant(millisecondsSinceEpoch: seconds * 1000 + microseconds / 1000) - now())
    }

    func milliseconds(_ instant: Instant) -> Int64 { (instant + ahead).millisecondsSinceEpoch }
}

extension KeyCounts {
    fileprivate mutating func add(_ other: KeyCounts) {
        restored += other.restored
        skipped += other.skipped
        expired += other.expired
        rejected.add(other.rejected)
        rejection = rejection ?? other.rejection
    }
}
