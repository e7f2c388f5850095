import BackupModel
import Synchronization

/// One store's share of a file that several stores are given at once.
///
/// The store works in a task of its own that nothing waits for without a bound: a disk that hangs in the kernel cannot be cancelled.
final class TeeBranch: Sendable {
    let store: any BackupStore
    private let limits: TeeLimits
    private let clock: any Clock<Duration>
    private let channel: OrderedMerge<TeePiece>
    private let state = Mutex(State())

    private struct State {
        var task: Task<Void, Never>?
        var dropout: Dropout?
        var waited = Duration.zero
        var byteCount: Int64 = 0
        /// What the store has taken, and how much that was when somebody last looked.
        var takenBytes: Int64 = 0
        var seenBytes: Int64 = 0
    }

    init(store: any BackupStore, limits: TeeLimits, clock: any Clock<Duration>) {
        self.store = store
        self.limits = limits
        self.clock = clock
        channel = OrderedMerge(slots: 1, byteLimit: limits.buffer, headLimit: limits.buffer)
    }

    /// Nil as long as the store takes part.
    var dropout: Dropout? { state.withLock { $0.dropout } }

    /// What it was given so far.
    var byteCount: Int64 { state.withLock { $0.byteCount } }

    /// - Parameter bytes: how long the file will be about.
    func begin(_ key: String, expecting bytes: Int64?) {
        let task = Task {
            do {
                try await store.put(key, expecting: bytes) { file in
                    while let (_, piece) = try await channel.next() {
                        state.withLock { $0.takenBytes += Int64(piece.bytes.count) }
                        try await file.write(piece.bytes, like: piece.precedent)
                    }
                }
            } catch {
                drop(Dropout(store: store.name, error: error))
            }
        }
        state.withLock { $0.task = task }
    }

    /// Waits for room, alone as long as it takes; beside others only until it has cost them too much.
    func take(_ piece: TeePiece, beside others: [TeeBranch]) async throws {
        let count = piece.bytes.count
        state.withLock { $0.byteCount += Int64(count) }
        do {
            if try channel.offer(piece, bytes: count, to: 0) { return }
            if others.isEmpty { try await channel.send(piece, bytes: count, to: 0) } else { try await takeInTime(piece, others) }
        } catch {
            try Task.checkCancellation()
            drop(Dropout(store: store.name, error: error))
        }
    }

    private func takeInTime(_ piece: TeePiece, _ others: [TeeBranch]) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [channel] in
                try await channel.send(piece, bytes: piece.bytes.count, to: 0)
                return true
            }
            group.addTask { try await self.exhaustPatience(of: others) }
            defer { group.cancelAll() }
            if try await group.next() == false { drop(.tooSlow(store.name, limits.lag)) }
        }
    }

    /// Only time that costs somebody counts: while another store has room for more. A store that is the last one left costs nobody.
    /// - Returns: false, when it has been too much.
    private func exhaustPatience(of others: [TeeBranch]) async throws -> Bool {
        let slice = limits.lag / 60
        while state.withLock({ $0.waited }) < limits.lag {
            try await clock.sleep(for: slice)
            if others.contains(where: { $0.dropout == nil && $0.hasRoom }) { state.withLock { $0.waited += slice } }
        }
        return false
    }

    private var hasRoom: Bool { channel.bytesHeld < limits.buffer / 2 }

    /// The last byte is given.
    func end() { channel.finish(0) }

    /// The store's work is over, with or without success.
    func ended() async -> TeeBranch {
        await state.withLock { $0.task }?.value
        return self
    }

    /// Whether the store has taken anything since this was asked last.
    func hasMoved() -> Bool {
        state.withLock { state in
            defer { state.seenBytes = state.takenBytes }
            return state.takenBytes != state.seenBytes
        }
    }

    /// - Parameter isStored: whether others have had the file meanwhile.
    func giveUpWaiting(isStored: Bool) {
        let limit = limits.end(ofBytes: byteCount, isStored: isStored)
        drop(isStored && channel.bytesHeld > 0 ? .tooSlow(store.name, limits.lag) : .hangs(store.name, limit))
    }

    func cancel() { state.withLock { $0.task }?.cancel() }

    /// - Returns: whether the file is stored; if not, why is in `dropout`.
    func isStored() async -> Bool {
        if dropout != nil { await stop() }
        return dropout == nil
    }

    /// Takes the file back from the store, because there is nothing more to come for it.
    func abandon(_ error: any Error) async {
        drop(Dropout(store: store.name, error: error))
        await stop()
    }

    /// Also for a run that was called off; what hangs in the kernel is left behind.
    private func stop() async {
        cancel()
        // Nothing in it throws but the end of a task that is not cancelled.
        _ = try? await uncancelled { [self] in try await bounded(by: limits.tidying, clock: clock) { await self.ended() } }
    }

    /// The first reason counts: what comes after it is its consequence.
    private func drop(_ dropout: Dropout) {
        state.withLock { state in
            if state.dropout == nil { state.dropout = dropout }
        }
        channel.fail(dropout.error)
    }
}
