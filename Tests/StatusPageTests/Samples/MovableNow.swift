import BackupModel
import Synchronization

/// A clock that stands until it is moved.
final class MovableNow: Sendable {
    private let hand = Mutex(Scene.now)

    var now: Instant { hand.withLock { $0 } }

    func advance(_ duration: Duration) { hand.withLock { $0 = $0 + duration } }
}
