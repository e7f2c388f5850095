package import BackupModel

/// Asks a server whether it still holds what an earlier copy has of it. It need not fork for that: as a replica that was away we get what has passed
/// through its history since, and none of that may be a write. Where the history does not reach back the server's own counts may tell.
package struct ChangeQuestion: Sendable {
    package enum Answer: Sendable, Equatable {
        /// It held the same at this instant, which lies at this place of its history.
        case unchanged(FullResync)
        /// It may hold something else; why, for people.
        case changed(String)
    }

    private let endpoint: RedisEndpoint
    private let rules: ChangeRules
    private let limits: ConnectionLimits
    private let now: @Sendable () -> Instant

    package init(
        _ rules: ChangeRules, at endpoint: RedisEndpoint, limits: ConnectionLimits = ConnectionLimits(),
        now: @escaping @Sendable () -> Instant
    ) {
        self.rules = rules
        self.endpoint = endpoint
        self.limits = limits
        self.now = now
    }

    /// - Throws: `BackupError` where the server cannot be asked; `CancellationError`.
    package func callAsFunction() async throws -> Answer {
        try await RedisConnection.with(endpoint, limits: limits) { observer in
            let instant = now()
            let state = try await DataState.ask(over: observer)
            if let objection = rules.objection(state) { return .changed(objection) }
            // Before anything is resumed: where that cannot be done the server would fork.
            if let state, let gap = rules.gap(in: state) {
                return rules.countsTell(state) ? .unchanged(FullResync(state, at: instant)) : .changed(gap)
            }
            return try await RedisConnection.with(endpoint, limits: limits) { try await answer(over: $0, observer) }
        }
    }

    private func answer(over replica: RedisConnection, _ observer: RedisConnection) async throws -> Answer {
        guard try await isResumed(over: replica) else { return .changed("its history cannot be resumed where that copy ends") }
        let instant = now()
        // What is looked at now comes after what has been sent, and all up to this offset is on its way.
        let state = try await DataState.ask(over: observer)
        if let objection = rules.objection(state) { return .changed(objection) }
        guard let state else { return .changed("INFO does not tell enough") }
        if let gap = rules.gap(in: state) { return .changed(gap) }
        if let command = try await firstWrite(over: replica, upTo: state.offset) { return .changed("it was written to (\(command))") }
        return .unchanged(FullResync(state, at: instant))
    }

    /// WAIT does not count it, as it acknowledges nothing; `min-replicas-to-write` does for the moment it is there.
    private func isResumed(over replica: RedisConnection) async throws -> Bool {
        try await CopyStream.introduce(replica, wantsWrites: true)
        await replica.send([RedisCommand("PSYNC", rules.copy.replicationID, "\(rules.copy.offset + 1)")])
        let reply = try await replica.rawReply(to: "PSYNC", patience: patience, skippingKeepAlives: true)
        if case .error(let refused) = reply { throw Refusal(refused, by: endpoint, doing: "PSYNC").error }
        guard case .simple(let line) = reply else { return false }
        return line.hasPrefix("CONTINUE")
    }

    /// - Returns: the name of the first command of the history since the copy that may have changed something; nil where there is none.
    private func firstWrite(over replica: RedisConnection, upTo end: Int64) async throws -> String? {
        let patience = patience
        var position = rules.copy.offset
        while position < end {
            guard let command = ReplicatedCommand(try await replica.rawReply(to: "PSYNC", patience: patience)) else { return "no command" }
            guard command.leavesDataAlone else { return command.name }
            position += command.byteCount
        }
        return position == end ? nil : "a command that is cut"
    }

    private var patience: Patience { Patience(stall: limits.reply, whole: limits.reply) }
}

extension FullResync {
    fileprivate init(_ state: DataState, at instant: Instant) {
        replicationID = state.replicationID
        offset = state.offset
        self.instant = instant
    }
}
