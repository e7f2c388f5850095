import BackupModel

/// A question whose answer may never come, as one to a network file system whose server is gone. It is not asked a second time before the first was
/// answered, so that those who wait in the kernel do not become more and more.
package actor UnhurriedQuestion<Answer: Sendable> {
    private let ask: @Sendable () async throws -> Answer
    private var asking: Task<Answer, any Error>?

    package init(_ ask: @escaping @Sendable () async throws -> Answer) {
        self.ask = ask
    }

    /// - Returns: nil when there is no answer within `limit`; it may be there when somebody asks again.
    package func answer(within limit: Duration, clock: any Clock<Duration>) async throws -> Answer? {
        let asking = asking ?? Task { [ask] in try await ask() }
        self.asking = asking
        do {
            guard let answer = try await bounded(by: limit, clock: clock, { try await asking.value }) else { return nil }
            self.asking = nil
            return answer
        } catch {
            if !(error is CancellationError) { self.asking = nil }
            throw error
        }
    }
}
