import BackupModel
import Synchronization

/// What is transferred, to whom, and how far it has come. Shared by the listener and whoever waits for the end.
final class Transfer: Sendable {
    enum Stage: Sendable, Equatable {
        case awaited
        /// The replica has asked for the data.
        case sending
        /// All of it is on the way; the replica reads and loads.
        case sent
        /// The replica follows.
        case done
    }

    private struct State {
        var stage = Stage.awaited
        var lastSign = ContinuousClock.now
    }

    let file: RDBFile
    /// Of the expanded file.
    let byteCount: Int64
    let login: OneTimeLogin?
    /// 40 hexadecimal digits: the history that begins with this file.
    let replicationID = OneTimeLogin.word(40)
    let progress: ProgressSink
    private let state = Mutex(State())
    private let stages: AsyncThrowingStream<Stage, any Error>.Continuation
    /// Every stage as it is reached, and what ends the transfer before the last one. For one reader.
    let reached: AsyncThrowingStream<Stage, any Error>

    init(file: RDBFile, byteCount: Int64, login: OneTimeLogin?, progress: @escaping ProgressSink) {
        self.file = file
        self.byteCount = byteCount
        self.login = login
        self.progress = progress
        (reached, stages) = AsyncThrowingStream.makeStream(bufferingPolicy: .bufferingNewest(8))
    }

    var stage: Stage { state.withLock { $0.stage } }
    /// When the replica was last seen to move.
    var lastSign: ContinuousClock.Instant { state.withLock { $0.lastSign } }

    func fail(_ error: any Error) { stages.finish(throwing: error) }

    func noteSign() { state.withLock { $0.lastSign = .now } }

    /// - Returns: false when the stage had been reached before: a replica that comes a second time has not taken the data.
    func advance(to stage: Stage) -> Bool {
        let isNew = state.withLock { state in
            state.lastSign = .now
            guard state.stage.ordinal < stage.ordinal else { return false }
            state.stage = stage
            return true
        }
        if isNew { stages.yield(stage) }
        return isNew
    }
}

extension Transfer.Stage {
    fileprivate var ordinal: Int {
        switch self {
        case .awaited: 0
        case .sending: 1
        case .sent: 2
        case .done: 3
        }
    }
}

/// The replica went away in the middle. What that means for its data depends on the stage.
struct TransferFailure: Error {
    let stage: Transfer.Stage
}
