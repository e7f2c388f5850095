package import BackupModel
import Synchronization

/// One stream into several stores: it is read once, each store takes it at its own pace within a bound, and none stops the others.
///
/// A store that fails, or costs the others too much time, is left out of everything that follows in the same run.
package final class Tee: Sendable {
    package let stores: [any BackupStore]
    private let limits: TeeLimits
    private let clock: any Clock<Duration>
    private let left = Mutex<[Dropout]>([])

    package init(stores: [any BackupStore], limits: TeeLimits = TeeLimits(), clock: any Clock<Duration> = AlarmClock()) {
        self.stores = stores
        self.limits = limits
        self.clock = clock
    }

    /// Who takes no part any more, and why.
    package var dropouts: [Dropout] { left.withLock { $0 } }

    /// Those that have taken everything so far.
    package var taking: [any BackupStore] {
        let gone = Set(dropouts.map(\.store))
        return stores.filter { !gone.contains($0.name) }
    }

    /// Takes a store out of the run.
    package func leaveOut(_ store: any BackupStore, because error: any Error) {
        leaveOut([Dropout(store: store.name, error: error)])
    }

    /// Two files may be on their way at once, and both lose the same store. A writer that was called off is not its stores' fault.
    private func leaveOut(_ dropouts: [Dropout]) {
        left.withLock { left in
            left += dropouts.filter { dropout in !dropout.isCancellation && !left.contains { $0.store == dropout.store } }
        }
    }

    /// Stores what `body` writes in every store that takes part.
    /// - Parameter bytes: how long it will be about; nil: nobody knows.
    /// - Returns: what the body returned, and the stores that hold the file now: at least one.
    /// - Throws: what the body threw, or the first store's error when none is left; then no store is relied on for it.
    package func put<Result: Sendable>(
        _ key: String, expecting bytes: Int64? = nil, _ body: (any ByteSink) async throws -> Result
    ) async throws -> (Result, [any BackupStore]) {
        let branches = taking.map { TeeBranch(store: $0, limits: limits, clock: clock) }
        try requireOne(of: branches)
        branches.forEach { $0.begin(key, expecting: bytes) }
        let result: Result
        do { result = try await body(TeeSink(branches: branches)) } catch {
            try await giveUp(branches, error)
        }
        branches.forEach { $0.end() }
        return (result, try await collect(branches, key))
    }

    /// The body failed: if because every store had, that is of the stores, else theirs is none of the fault.
    private func giveUp(_ branches: [TeeBranch], _ error: any Error) async throws -> Never {
        let failed = branches.compactMap(\.dropout)
        for branch in branches { await branch.abandon(error) }
        leaveOut(failed)
        throw error
    }

    private func collect(_ branches: [TeeBranch], _ key: String) async throws -> [any BackupStore] {
        await TeeEnd(branches: branches, limits: limits, clock: clock).wait()
        var stored: [any BackupStore] = []
        for branch in branches where await branch.isStored() { stored.append(branch.store) }
        if Task.isCancelled {
            await takeBack(key, from: stored)
            throw CancellationError()
        }
        leaveOut(branches.compactMap(\.dropout))
        try requireOne(of: stored)
        return stored
    }

    /// As far as the stores let it: what stays is in the run's journal.
    private func takeBack(_ key: String, from stores: [any BackupStore]) async {
        for store in stores { try? await uncancelled { try await store.delete(key) } }
    }

    private func requireOne(of found: [some Any]) throws {
        guard found.isEmpty else { return }
        guard let first = dropouts.first else { throw BackupError(.storeFailed, "no store is configured") }
        throw first.error
    }
}
