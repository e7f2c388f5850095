package import BackupModel

/// Decides from the facts whether a server may still hold what a copy has of it. Pure; the reasoning is in docs/format.md, "The ground of a Redis".
package struct ChangeRules: Sendable {
    let copy: RedisCopy
    let ground: RedisGround

    /// Nil for a copy that nothing may be taken over from, one whose manifest tells a place no history reaches among them.
    package init?(_ copy: RedisCopy) {
        guard let ground = copy.ground, FullResync.plausible.contains(copy.offset) else { return nil }
        self.copy = copy
        self.ground = ground
    }

    /// Part of the server, and all they do is replicated.
    private static let ownModules: Set<String> = ["lua", "vectorset"]
    /// More of the history than this is not looked through: it is hardly all keep-alives, and reading the data costs no more.
    private static let historyLimit: Int64 = 64 << 20

    /// Why it may hold something else; nil where only the history can still say so, or else the counts.
    /// - Parameter state: nil where the server does not tell enough.
    func objection(_ state: DataState?) -> String? {
        guard let state else { return "INFO does not tell enough" }
        return server(state) ?? data(state)
    }

    /// Whether the counts, which are what they were, leave no doubt. Every command that changes something counts, whoever is told of it; and whatever removes a
    /// key by itself changes the number of keys.
    func countsTell(_ state: DataState) -> Bool { ground.countsTell && !state.isReplica && !state.hasChangedRole }

    private func server(_ state: DataState) -> String? {
        if state.runID != ground.runID { return "the server was started since" }
        if "\(state.version)" != copy.version { return "it is another version" }
        if state.isReplica != copy.isReplica { return "it is \(state.isReplica ? "a replica" : "a primary") now" }
        if state.isCluster { return "it belongs to a cluster, where keys go with their slots" }
        if let module = state.modules.subtracting(Self.ownModules).min() { return "the module \(module) may write without a trace" }
        if state.hasCalledDebug { return "DEBUG was called, which may write without a trace" }
        return state.knowsCommands ? nil : "which commands were called is not known"
    }

    private func data(_ state: DataState) -> String? {
        guard state.writes.agrees(with: WriteCount(ground)) else {
            return "it was written to, or has saved"
        }
        let counts = copy.databases.map { ($0.number, RedisInfo.KeyCount(keys: $0.keys, expiring: $0.expiring)) }
        let recorded = Dictionary(counts, uniquingKeysWith: { first, _ in first })
        return state.databases == recorded ? nil : "it has other keys"
    }

    /// Why the history cannot be asked for what has passed since the copy; nil where it can.
    func gap(in state: DataState) -> String? {
        if state.replicationID != copy.replicationID { return "its history is another one" }
        guard let start = state.backlogStart, start <= copy.offset + 1, state.offset >= copy.offset else {
            return "its backlog does not reach back to that copy (repl-backlog-size, repl-backlog-ttl)"
        }
        return state.offset - copy.offset <= Self.historyLimit ? nil : "too much has passed through its history"
    }
}
