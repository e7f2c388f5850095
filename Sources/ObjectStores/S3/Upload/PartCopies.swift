import BackupModel
import Synchronization

/// The parts of one upload that the server may make itself, of an earlier file that it has: what has not changed need not be sent again.
final class PartCopies: Sendable {
    enum Outcome {
        case made(S3Part)
        /// It has to be sent.
        case needed
        /// It has to be sent when all others are there: its copy was not answered, and may yet come.
        case postponed
    }

    private struct State {
        var isPossible: Bool
        /// Held until the end, with their bytes: not more than are under way at the same time, for after the first one nothing is copied any more.
        var postponed: [PartQueue.Item] = []
        var expectation = Expectation(patience: 16)
    }

    private let store: S3Store
    private let lost: LostBeginnings
    private let state: Mutex<State>
    private let understanding = OnceTask<Bool>()

    /// - Parameter lost: is told of beginnings that failed, and may have begun an upload all the same.
    init(_ store: S3Store, noting lost: LostBeginnings) {
        self.store = store
        self.lost = lost
        state = Mutex(State(isPossible: store.options.copiesFree))
    }

    /// Those whose copies were not answered.
    var postponed: [PartQueue.Item] { state.withLock { $0.postponed } }

    func part(_ item: PartQueue.Item, of key: String, upload: String) async throws -> Outcome {
        guard let precedent = item.precedent, precedent.offset >= 0, (try? store.validate(precedent.key)) != nil, pays else {
            return .needed
        }
        guard try await isUnderstood(item, precedent, key) else { return .needed }
        switch try await store.copyPart(item, from: precedent, of: key, upload: upload) {
        case .made(let part):
            state.withLock { $0.expectation.note(isMet: true) }
            return .made(part)
        case .different: state.withLock { $0.expectation.note(isMet: false) }
        case .refused: state.withLock { $0.isPossible = false }
        case .unanswered:
            postpone(item)
            return .postponed
        }
        return .needed
    }

    /// A server that takes the request for a part without bytes may then refuse the part itself, so that the file could not be stored any more: the first
    /// copy of a file is made in an upload of its own, which is given up.
    private func isUnderstood(_ item: PartQueue.Item, _ precedent: Precedent, _ key: String) async throws -> Bool {
        try await understanding.value { [store, lost] in
            switch try await store.tryCopy(item, from: precedent, of: key, noting: lost) {
            case .made, .different: true
            case .refused, .unanswered: false
            }
        }
    }

    /// Returns when nothing is under way any more that nobody may wait for.
    func settle() async { await understanding.settle() }

    /// A server that hangs on one copy would hang on the next, too.
    private func postpone(_ item: PartQueue.Item) {
        state.withLock { state in
            state.isPossible = false
            state.postponed.append(item)
        }
    }

    private var pays: Bool { state.withLock { $0.isPossible && $0.expectation.pays } }
}

extension S3Options {
    /// In the other classes reading costs as much as would be saved, and copying is reading.
    fileprivate var copiesFree: Bool { ["STANDARD", "INTELLIGENT_TIERING"].contains(storageClass ?? "STANDARD") }
}
