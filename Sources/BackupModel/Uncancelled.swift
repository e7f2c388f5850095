/// Runs what must be done even when the task has been cancelled: taking back what it had begun.
///
/// A task of its own, because a cancelled one cannot speak to a server or a store any more; it is awaited here and goes on nowhere else.
package func uncancelled<Success: Sendable>(_ body: @escaping @Sendable () async throws -> Success) async throws -> Success {
    try await Task { try await body() }.value
}
