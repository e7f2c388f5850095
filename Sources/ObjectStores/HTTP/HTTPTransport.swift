/// Carries a call to its server and the answer back, once: no retries, no redirects.
protocol HTTPTransport: Sendable {
    /// - Throws: `HTTPFailure`, or `CancellationError` when the task was cancelled.
    func send(_ call: HTTPCall) async throws -> HTTPAnswer
}
