import ServiceLifecycle
import Synchronization

/// Opened once, and for good; who comes before that waits.
final class Door: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    func open() {
        let waiting = state.withLock { state in
            defer { state = State(isOpen: true) }
            return state.waiting
        }
        for one in waiting { one.finish() }
    }

    /// - Returns: false when the task is cancelled before it opens.
    func isPassed() async -> Bool {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            if state.isOpen { continuation.finish() } else { state.waiting.append(continuation) }
        }
        for await _ in stream {}
        return state.withLock { $0.isOpen }
    }
}

/// Begins a service when a door opens: one that finds the address of this host's service taken must not have done anything, as there is another one.
struct BehindDoor: Service {
    let door: Door
    let service: any Service

    func run() async throws {
        let isPassed = await cancelWhenGracefulShutdown { [door] in await door.isPassed() }
        try Task.checkCancellation()
        // Told to stop before it could begin.
        guard isPassed else { return }
        try await service.run()
    }
}
