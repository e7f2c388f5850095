import Synchronization

/// Hears of the bytes that arrive for what a task does, however deep below it: who waits can tell a slow store from a silent one.
package final class Movement: Sendable {
    @TaskLocal private static var current: Movement?

    private let pieces = Atomic(0)

    package init() {}

    /// How often something has arrived.
    package var count: Int { pieces.load(ordering: .relaxed) }

    /// Something has arrived for the task that calls this; nothing comes of it where nobody listens.
    package static func note() { current?.add() }

    /// Does `body`, and hears of what arrives for it.
    package func hear<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        try await Self.$current.withValue(self) { try await body() }
    }

    private func add() { _ = pieces.wrappingAdd(1, ordering: .relaxed) }
}
