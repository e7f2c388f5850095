import BackupModel
import Synchronization

/// One store's share of a file that several stores are given at once.
///
/// The store works in a task of its own that nothing waits for without a bound: a disk that hangs in the kernel cannot be cancelled.
final class TeeBranch: Sendable {
    let store: any BackupStore
    private let limits: TeeLimits
    private let clock: any Clock<Duration>
    private let channel: OrderedMerge<[UInt8]>
    private let state = Mutex(State())

    private struct State {
        var task: Task<Void, Never>?
        var dropout: Dropout?
        var waited = Duration.zero
    }

    init(store: any BackupStore, limits: TeeLimits, clock: any Clock<Duration>) {
        self.store = store
        self.limits = limits
        self.clock = clock
        channel = OrderedMerge(slots: 1, byteLimit: limits.buffer, headLimit: limits.buffer)
    }

    /// Nil as long as the store takes part.
    var dropout: Dropout? { state.withLock { $0.dropout } }

    func begin(_ key: String) {
        let task = Task {
            do {
                try await store.put(key) { file in
                    while let (_, bytes) = try await channel.next() { try await file.write(bytes) }
                }
            } catch {
                drop(Dropout(store: store.name, error: error))
            }
        }
        state.withLock { $0.task = task }
    }

    /// Waits for room, alone as long as it takes; beside others only until it has cost them too much.
    func take(_ bytes: [UInt8], beside others: [TeeBranch]) async throws {
        do {
            if try channel.offer(bytes, bytes: bytes.count, to: 0) { return }
            if others.isEmpty { try await channel.send(bytes, bytes: bytes.count, to: 0) } else { try await takeInTime(bytes, others) }
        } catch {
            try Task.checkCancellation()
            drop(Dropout(store: store.name, error: error))
        }
    }

    private func takeInTime(_ bytes: [UInt8], _ others: [TeeBranch]) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [channel] in
                try await channel.send(bytes, bytes: bytes.count, to: 0)
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

    /// - Returns: whether the file is stored; if not, why is in `dropout`. Only where there are others a store's end is not waited for for ever.
    func isStored(isAlone: Bool) async -> Bool {
        if dropout == nil, await !hasEnded(within: isAlone ? nil : limits.end) { drop(.hangs(store.name, limits.end)) }
        if dropout != nil { await stop() }
        return dropout == nil
    }

    /// Takes the file back from the store, because there is nothing more to come for it.
    func abandon(_ error: any Error) async {
        drop(Dropout(store: store.name, error: error))
        await stop()
    }

    private func stop() async {
        state.withLock { $0.task }?.cancel()
        _ = await hasEnded(within: limits.lag)
    }

    /// The first reason counts: what comes after it is its consequence.
    private func drop(_ dropout: Dropout) {
        state.withLock { state in
            if state.dropout == nil { state.dropout = dropout }
        }
        channel.fail(dropout.error)
    }

    /// Waited for in a task of its own: a cancelled one would not see the store through its cleaning up.
    private func hasEnded(within limit: Duration?) async -> Bool {
        let work = state.withLock { $0.task }
        let wait = Task { [clock] in
            let (answers, answer) = AsyncStream.makeStream(of: Bool.self)
            Task {
                await work?.value
                answer.yield(true)
            }
            let alarm = Task {
                guard let limit else { return }
                try await clock.sleep(for: limit)
                answer.yield(false)
            }
            defer { alarm.cancel() }
            return await answers.first { _ in true } ?? false
        }
        return await withTaskCancellationHandler {
            await wait.value
        } onCancel: {
            work?.cancel()
        }
    }
}
