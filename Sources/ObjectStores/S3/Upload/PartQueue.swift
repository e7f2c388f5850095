import BackupModel
import NIOCore
import Synchronization

/// Hands parts from whoever fills them to those who send them, and bounds what is in memory: beside those under way only the one being filled.
final class PartQueue: Sendable {
    struct Item: Sendable {
        var number: Int
        var bytes: ByteBuffer
        /// Where all of them may stand already.
        var precedent: Precedent?
    }

    fileprivate struct State {
        var waiting: Item?
        /// Buffers of parts that were sent, to be filled again: new ones of this size scatter over the heap and do not come back.
        var spare: [ByteBuffer] = []
        var bytesUnderWay = 0
        var isFinished = false
        var failure: (any Error)?
        /// Grows with every change, so that a waiter can tell whether it missed one between looking and parking.
        var changes = 0
        var parked: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    /// Bytes that may be under way at the same time; a part larger than that goes alone.
    private let window: Int

    init(window: Int) { self.window = window }

    /// Hands over a part; waits until it may be under way.
    /// - Throws: why sending has failed.
    func send(_ item: Item) async throws {
        let bytes = item.bytes.readableBytes
        try await wait { [window] state -> Void? in
            guard state.waiting == nil, state.bytesUnderWay == 0 || state.bytesUnderWay + bytes <= window else { return nil }
            state.waiting = item
            state.bytesUnderWay += bytes
            return ()
        }
    }

    /// The next part, to be given back to `done`; nil when there will be none.
    func next() async throws -> Item? {
        try await wait { state -> Item?? in
            guard let item = state.waiting else { return state.isFinished ? .some(nil) : nil }
            state.waiting = nil
            return item
        }
    }

    /// Takes the part's buffer; who has another copy of it leaves it without use, as it can't be filled then.
    func done(_ item: inout Item) {
        change { state in
            state.bytesUnderWay -= item.bytes.readableBytes
            state.spare.append(item.bytes)
            item.bytes = ByteBuffer()
        }
    }

    /// An empty buffer; one of an earlier part where nobody holds that any more. What is too small for a part of that size is let go, as parts only grow.
    func emptyBuffer(for bytes: Int) -> ByteBuffer {
        var buffer = state.withLock { state in
            state.spare.removeAll { $0.capacity < bytes }
            return state.spare.popLast() ?? ByteBuffer()
        }
        buffer.clear()
        return buffer
    }

    func finish() { change { $0.isFinished = true } }

    /// Whoever waits, now or later, gets the error.
    func fail(_ error: any Error) { change { $0.failure = $0.failure ?? error } }

    private func wait<Value>(for attempt: (inout State) -> Value?) async throws -> Value {
        while true {
            let (value, ticket) = try look(attempt)
            if let value { return value }
            try Task.checkCancellation()
            await pause(since: ticket)
        }
    }

    private func look<Value>(_ attempt: (inout State) -> Value?) throws -> (Value?, Int) {
        let (value, woken, ticket) = try state.withLock { state in
            if let failure = state.failure { throw failure }
            let value = attempt(&state)
            return (value, value == nil ? [] : state.wake(), state.changes)
        }
        woken.forEach { $0.resume() }
        return (value, ticket)
    }

    private func pause(since ticket: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let missed = state.withLock { state in
                    if state.changes == ticket { state.parked.append(continuation) }
                    return state.changes != ticket
                }
                if missed { continuation.resume() }
            }
        } onCancel: {
            fail(CancellationError())
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let woken = state.withLock { state in
            body(&state)
            return state.wake()
        }
        woken.forEach { $0.resume() }
    }
}

extension PartQueue.State {
    fileprivate mutating func wake() -> [CheckedContinuation<Void, Never>] {
        changes += 1
        defer { parked = [] }
        return parked
    }
}
