import BackupModel

/// Runs `body` until it ends or the task is cancelled; then it is called off and waited for no longer than `mercy`. For what may hang in the kernel, which
/// hears of nothing there and is left behind.
/// - Returns: whether it has ended.
func endingInTime(
    _ mercy: Duration, clock: any Clock<Duration>, _ body: @escaping @Sendable () async throws -> Void
) async throws -> Bool {
    let (life, end) = AsyncStream.makeStream(of: Never.self)
    let work = Task {
        defer { end.finish() }
        try await body()
    }
    // Until one of the two.
    for await _ in life {}
    work.cancel()
    return try await uncancelled { try await bounded(by: mercy, clock: clock) { try await work.value } } != nil
}
