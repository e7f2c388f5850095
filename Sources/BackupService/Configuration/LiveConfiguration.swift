package import BackupEngine
import Synchronization

/// The configuration that holds now; it can be replaced while the service runs.
package final class LiveConfiguration: Sendable {
    private struct State {
        var current: BackupConfiguration
        var hasChanged = false
        var watchers: [Int: AsyncStream<BackupConfiguration>.Continuation] = [:]
        var count = 0
    }

    private let state: Mutex<State>

    package init(_ configuration: BackupConfiguration) {
        state = Mutex(State(current: configuration))
    }

    package var current: BackupConfiguration { state.withLock(\.current) }

    /// Whether it is another one than the service began with.
    var hasChanged: Bool { state.withLock(\.hasChanged) }

    package func replace(with new: BackupConfiguration) {
        state.withLock { state in
            (state.current, state.hasChanged) = (new, true)
            for watcher in state.watchers.values { watcher.yield(new) }
        }
    }

    /// Every configuration from the next one on; who is slow sees the last.
    package func changes() -> AsyncStream<BackupConfiguration> {
        let (stream, continuation) = AsyncStream.makeStream(of: BackupConfiguration.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.count += 1
            state.watchers[state.count] = continuation
            return state.count
        }
        continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.watchers[number] = nil } }
        return stream
    }
}
