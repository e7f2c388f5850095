import BackupModel
import NIOCore
import Synchronization

/// Where the body of a `put` writes: gathers bytes into parts of the planned sizes and hands on those that are full. The last one stays here, as
/// only the end tells whether it is one of many or all there is.
final class PartFiller: ByteSink {
    private struct State {
        var number = 1
        var filling = ByteBuffer()
        /// Of all that is in it; nil where some of it stands nowhere else, or elsewhere.
        var precedent: Precedent?
        var total: Int64 = 0
    }

    private let state = Mutex(State())
    private let plan: PartPlan
    private let queue: PartQueue
    private let tooLarge: BackupError

    init(plan: PartPlan, queue: PartQueue, key: String) {
        self.plan = plan
        self.queue = queue
        tooLarge = BackupError(
            .storeFailed, "\(key) is larger than the 5 TiB an S3 object may have", hint: "Divide it: BACKUP_DATABASES takes several runs.")
    }

    func write(_ bytes: [UInt8]) async throws { try await write(bytes, like: nil) }

    func write(_ bytes: [UInt8], like precedent: Precedent?) async throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full part is only handed on when more comes: then it cannot be the last one.
            if try await handOnFull() { state.withLock { $0.filling = queue.emptyBuffer(for: plan.bytes(ofPart: $0.number)) } }
            rest = state.withLock { fill(&$0, rest, precedent?.advanced(by: bytes.count - rest.count)) }
        }
    }

    /// What is left when the body has ended, and its number.
    var last: PartQueue.Item { state.withLock { PartQueue.Item(number: $0.number, bytes: $0.filling, precedent: $0.precedent) } }

    var total: Int64 { state.withLock { $0.total } }

    /// The buffer of the next part is only taken when this one is under way: until then there may be none to fill again, and a new one would be held
    /// beside all others.
    /// - Returns: whether there was a full part.
    private func handOnFull() async throws -> Bool {
        guard let full = try state.withLock({ try takeFull(&$0) }) else { return false }
        try await queue.send(full)
        return true
    }

    private func takeFull(_ state: inout State) throws -> PartQueue.Item? {
        guard state.filling.readableBytes == plan.bytes(ofPart: state.number) else { return nil }
        guard state.number < PartPlan.maximumParts, state.total < PartPlan.largestObject else { throw tooLarge }
        defer {
            state.number += 1
            state.filling = ByteBuffer()
        }
        return PartQueue.Item(number: state.number, bytes: state.filling, precedent: state.precedent)
    }

    private func fill(_ state: inout State, _ bytes: ArraySlice<UInt8>, _ precedent: Precedent?) -> ArraySlice<UInt8> {
        let held = state.filling.readableBytes
        if held == 0 { state.precedent = precedent } else if state.precedent?.advanced(by: held) != precedent { state.precedent = nil }
        let rest = state.filling.fill(with: bytes, upTo: plan.bytes(ofPart: state.number))
        state.total += Int64(bytes.count - rest.count)
        return rest
    }
}
