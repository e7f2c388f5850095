import BackupModel
import BackupReports
import Doctor

/// Looks at things that may hang: each for as long as the doctor has, and what does not answer is a finding.
struct Looking: Sendable {
    let limit: Duration
    let clock: any Clock<Duration>
    let threads: LookingThreads

    func within(_ limit: Duration) -> Looking { Looking(limit: limit, clock: clock, threads: threads) }

    /// - Parameters:
    ///   - subject: for the message of one that does not answer.
    ///   - explain: what an error means.
    func at<Value: Sendable>(
        _ subject: Bilingual, explaining explain: @escaping @Sendable (BackupError) -> Trouble,
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Known<Value> {
        do {
            let thread = threads.of(subject.english)
            let value = try await bounded(by: limit, clock: clock) { try await thread.run(body) }
            guard let value else { return .troubled(.silent(subject, after: limit)) }
            return .known(value)
        } catch let error as BackupError {
            return .troubled(explain(error))
        } catch is CancellationError {
            return .troubled(.silent(subject, after: limit))
        } catch {
            return .troubled(Trouble(.other, "\(error)"))
        }
    }
}
