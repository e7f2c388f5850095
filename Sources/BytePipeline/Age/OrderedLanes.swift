import DequeModule

/// Work on several pieces at the same time whose results are wanted in the order they were begun. Not to be shared: one owner begins and takes.
final class OrderedLanes<Output: Sendable> {
    private let width: Int
    private var running: Deque<Task<Output, any Error>> = []

    /// - Parameter width: how many pieces may be held at once.
    init(width: Int) {
        self.width = max(1, width)
    }

    deinit { running.forEach { $0.cancel() } }

    var isFull: Bool { running.count >= width }

    func begin(_ work: @escaping @Sendable () async throws -> Output) {
        running.append(Task { @concurrent in try await work() })
    }

    /// The oldest result; nil when nothing was begun.
    func next() async throws -> Output? {
        guard let oldest = running.popFirst() else { return nil }
        return try await withTaskCancellationHandler {
            try await oldest.value
        } onCancel: {
            oldest.cancel()
        }
    }
}
