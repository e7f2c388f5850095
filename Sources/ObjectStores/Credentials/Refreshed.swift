package import BackupModel

/// What is good only until some moment: a token, temporary keys.
package protocol Expiring: Sendable {
    /// Nil: it does not expire.
    var expiresAt: Instant? { get }
}

/// Holds credentials and fetches them anew five minutes before they expire, as the AWS SDKs and Google's libraries do. Whoever asks while they
/// are fetched waits for that one fetch.
package actor Refreshed<Value: Expiring> {
    private let now: @Sendable () -> Instant
    private let fetch: @Sendable () async throws -> Value
    private var held: Value?
    private var fetching: Task<Value, any Error>?
    /// After a fetch that failed, or brought nothing newer, while what is held is still good: an endpoint that is down, or hands out the same credentials
    /// until shortly before their end, is not asked with every request.
    private var quietUntil: Instant?
    private static var quiet: Duration { .seconds(60) }
    /// Why there are none, and from when until when that is taken for so: a run speaks to its store many times, and a key that was revoked would cost it
    /// the whole search each time. A clock that was set back is before it.
    private var refusal: (error: any Error, since: Instant, until: Instant)?
    private static var refusalLife: Duration { .seconds(15) }

    package init(now: @escaping @Sendable () -> Instant, fetch: @escaping @Sendable () async throws -> Value) {
        self.now = now
        self.fetch = fetch
    }

    /// - Throws: what the fetch throws, once nothing that is held is good any more.
    package func value() async throws -> Value {
        if let held, !isDue(held) { return held }
        if let refusal, refusal.since <= now(), now() < refusal.until { throw refusal.error }
        do {
            return try await fetched()
        } catch {
            // Nobody is served by a run that fails over a hiccup while its credentials are good for minutes.
            guard let held, let end = held.expiresAt, now() < end else { throw noted(error) }
            quietUntil = now() + Self.quiet
            return held
        }
    }

    /// Forgets what is held: a server refused it.
    package func invalidate() {
        held = nil
        quietUntil = nil
        refusal = nil
    }

    /// What may pass by itself, such as a service that did not answer, is asked for again by the next one; so is what somebody called off.
    private func noted(_ error: any Error) -> any Error {
        if Self.isRefusal(error) { refusal = (error, now(), now() + Self.refusalLife) }
        return error
    }

    private static func isRefusal(_ error: any Error) -> Bool {
        if error is CredentialRefusal { return true }
        guard let error = error as? BackupError else { return false }
        return error.obstacle == .credentials || error.obstacle == .denied
    }

    private func isDue(_ value: Value) -> Bool {
        guard let end = value.expiresAt else { return false }
        if let quietUntil, now() < min(quietUntil, end) { return false }
        return isNearItsEnd(value)
    }

    private func isNearItsEnd(_ value: Value) -> Bool { value.expiresAt.map { $0 - now() <= .seconds(300) } ?? false }

    /// In a task of its own, as the others wait for it too when whoever began it is cancelled.
    private func fetched() async throws -> Value {
        if let fetching { return try await fetching.value }
        let task = Task { [fetch] in try await fetch() }
        fetching = task
        defer { fetching = nil }
        let value = try await task.value
        held = value
        quietUntil = isNearItsEnd(value) ? now() + Self.quiet : nil
        refusal = nil
        return value
    }
}
