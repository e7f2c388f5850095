import NIOCore
import Synchronization

/// The open connections. Whoever comes when there are too many takes the place of the one that has got nowhere for the longest time: so a client that
/// holds hundreds of them open and sends a byte now and then keeps nobody out.
final class ConnectionCrowd: Sendable {
    private let limit: Int
    private let present = Mutex<[ObjectIdentifier: Place]>([:])

    private struct Place {
        let channel: any Channel
        /// When it was opened, or last took an answer.
        var moved: NIODeadline
    }

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { present.withLock { $0.count } }

    func enter(_ channel: any Channel, at now: NIODeadline) {
        let expelled: (any Channel)? = present.withLock { places in
            let slowest = places.count < limit ? nil : places.min { $0.value.moved < $1.value.moved }
            if let slowest { places[slowest.key] = nil }
            places[ObjectIdentifier(channel)] = Place(channel: channel, moved: now)
            return slowest?.value.channel
        }
        expelled?.close(promise: nil)
    }

    func moved(_ channel: any Channel, at now: NIODeadline) {
        present.withLock { $0[ObjectIdentifier(channel)]?.moved = now }
    }

    func leave(_ channel: any Channel) {
        present.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }
}
