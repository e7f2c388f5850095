import BackupModel
import RDBFormat

/// The road by replication: the server is made a replica of ours, takes the file as a full synchronization, is compared with it and becomes a primary
/// again. Needs no access to its files, and works from another machine.
struct WholeRestore: RestoreProcedure {
    let file: RDBFile
    let target: RedisTarget
    let settings: RestoreSettings
    let safety: SafetyBackup

    static func permissionHint(user: String) -> String {
        "Grant what it takes: ACL SETUSER \(user) +replicaof +config|get +config|set +psync +replconf +ping +info +role +time."
    }

    func plan(_ summary: RDBSummary) async throws -> RedisRestorePlan {
        let needs = LoadNeeds(summary)
        let sources = try await TopologySearch(target, limits: settings.connection)().sources
        var plan = RedisRestorePlan(
            road: .whole, target: "\(target)", summary: summary, keys: Int64(summary.content.keys), keysThere: 0, movedAside: [:],
            findings: [])
        var isSentinel = false
        if case .sentinel = target.kind { isSentinel = true }
        for source in sources {
            let facts = try await RedisConnection.with(source.endpoint, limits: settings.connection) {
                var facts = try await RestoreTargetFacts.gather(over: $0)
                if let highest = needs.highestDatabase { facts.database = try await $0.access(to: highest) }
                return facts
            }
            plan.keysThere = plan.keysThere.flatMap { sum in facts.server.keys.map { $0 + sum } }
            plan.findings += LivePreflight(summary: summary, needs: needs, facts: facts, server: source.endpoint).whole(
                isSentinel: isSentinel)
        }
        return plan
    }

    /// - Throws: `BackupError` that says what became of the server's data and where it is saved; `CancellationError`. On every way out the server
    ///   has been told to be a primary.
    func run(_ plan: RedisRestorePlan) async throws -> RestoredRedis {
        let endpoint = target.endpoint(at: target.places[0])
        let saved = try await safety()
        let lease = ReplicaLease(endpoint: endpoint, settings: settings)
        do {
            try await fill(endpoint, plan.summary, lease)
        } catch {
            throw await WholeRestoreFailure(endpoint: endpoint, saved: saved, cause: error, release: lease.end()).error(settings.progress)
        }
        if let complaint = await lease.end() { throw WholeRestoreFailure.notReleased(endpoint, saved, complaint) }
        var restored = RestoredRedis(road: .whole, target: plan.target, keys: plan.keys, bytes: plan.summary.byteCount)
        restored.safetyBackup = saved
        restored.isReadBack = true
        return restored
    }

    private func fill(_ endpoint: RedisEndpoint, _ summary: RDBSummary, _ lease: ReplicaLease) async throws {
        try await RedisConnection.with(endpoint, limits: settings.connection) { control in
            let login = try await lease.begin(over: control)
            let transfer = Transfer(file: file, byteCount: summary.byteCount, login: login, progress: settings.progress)
            let host = settings.host ?? control.localAddress ?? "127.0.0.1"
            let everywhere = host.contains(":") ? "::" : "0.0.0.0"
            let server = try await PrimaryServer.listen(on: settings.host == nil ? host : everywhere, as: host, port: settings.port)
            try await server.serving(transfer, settings) {
                try await TransferWatch(transfer: transfer, server: server, endpoint: endpoint, settings: settings).during {
                    try await control.call(RedisCommand("REPLICAOF", server.host, "\(server.port)"))
                    settings.progress(.began(phase: "transfer", totalBytes: summary.byteCount, totalItems: nil))
                    for try await stage in transfer.reached where stage == .done { break }
                    try Task.checkCancellation()
                    settings.progress(.ended(phase: "transfer"))
                    try await compare(endpoint, summary)
                }
            }
        }
    }

    /// While it is a replica: nobody can have written to it, and it expires nothing.
    private func compare(_ endpoint: RedisEndpoint, _ summary: RDBSummary) async throws {
        settings.progress(.began(phase: "compare", totalBytes: summary.byteCount, totalItems: nil))
        let found = try await ReadBack(endpoint: endpoint, settings: settings).survey { nil }
        if let difference = ContentComparison(file: summary.content, server: found.content).difference {
            throw BackupError(.verificationFailed, "what was read back differs from the file: \(difference)")
        }
        settings.progress(.ended(phase: "compare"))
    }
}
