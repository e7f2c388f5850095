/// What `body` gives, or nil when it takes longer than `limit`.
///
/// For what may hang in the kernel, as a call to a network file system whose server is gone does: it cannot be cancelled there and is left behind.
package func bounded<Value: Sendable>(
    by limit: Duration, clock: any Clock<Duration> = AlarmClock(), _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    try await bounded(until: { try await clock.sleep(for: limit) }, body)
}

/// The same, where something else than a time says when it has taken too long.
/// - Parameter patience: returns then.
package func bounded<Value: Sendable>(
    until patience: @escaping @Sendable () async throws -> Void, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value? {
    let (answers, answer) = AsyncStream.makeStream(of: Result<Value, any Error>?.self)
    let work = Task { answer.yield(await Result.catching(body)) }
    let alarm = Task {
        try await patience()
        answer.yield(nil)
    }
    defer { alarm.cancel() }
    return try await withTaskCancellationHandler {
        for await found in answers {
            if found == nil { work.cancel() }
            return try found?.get()
        }
        // The stream never ends by itself: only a task that was cancelled comes here.
        throw CancellationError()
    } onCancel: {
        work.cancel()
    }
}

extension Result where Failure == any Error, Success: Sendable {
    fileprivate static func catching(_ body: @Sendable () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
