import BackupModel
import NIOCore
import Synchronization

/// What is known of a call under way: when something last moved, and what has arrived.
final class HTTPExchange: Sendable {
    private struct State {
        var lastBeat: ContinuousClock.Instant
        var answer: HTTPAnswer?
    }

    private let state = Mutex(State(lastBeat: .now))

    /// Something moved.
    func beat() { state.withLock { $0.lastBeat = .now } }

    func begin(_ answer: HTTPAnswer, expecting count: Int) {
        state.withLock { state in
            state.lastBeat = .now
            state.answer = answer
            state.answer?.body.reserveCapacity(count)
        }
    }

    /// - Returns: how much of the body there is now.
    func append(_ bytes: ByteBuffer) -> Int {
        Movement.note()
        return state.withLock { state in
            state.lastBeat = .now
            state.answer?.body.append(contentsOf: bytes.readableBytesView)
            return state.answer?.body.count ?? 0
        }
    }

    var answer: HTTPAnswer? { state.withLock { $0.answer } }

    /// Returns only by throwing: when nothing has moved for as long as `limit`, or the watch is called off.
    func watch(limit: Duration) async throws -> HTTPAnswer {
        while true {
            let deadline = state.withLock { $0.lastBeat } + limit
            guard deadline > .now else {
                throw HTTPFailure(kind: .stalled, reason: "no byte moved for \(limit.precisely)", partial: answer)
            }
            try await AlarmClock().sleep(until: deadline)
        }
    }
}
