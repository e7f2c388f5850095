import BackupModel
import NIOHTTP1

extension S3Store: LockingStore {
    /// Asks for locks first: in a bucket with versions, which every one with locks is, a delete hides a locked object without removing it and
    /// succeeds. There it leaves a marker; what it hides is removed by a rule of the bucket's lifecycle.
    package func delete(_ key: String) async throws {
        try validate(key)
        try await uncancelled {
            switch try await presence(of: key) {
            case .absent: return
            case .present(let facts): try requireUnlocked(key, facts)
            case .unknown: break
            }
            let answer = try await client.send(S3Request(.delete, key), expecting: [404], tolerating: ["NoSuchKey", "ObjectLocked"])
            if answer.status != 404, !answer.isSuccess { throw locked(key, "locked") }
        }
    }

    package func lockReason(of key: String) async throws -> String? {
        try validate(key)
        guard case .present(let facts) = try await presence(of: key) else { return nil }
        return facts.lock.reason(at: context.now())
    }

    private func requireUnlocked(_ key: String, _ facts: S3Facts) throws {
        if let reason = facts.lock.reason(at: context.now()) { throw locked(key, reason) }
    }

    private func locked(_ key: String, _ reason: String) -> BackupError {
        BackupError(
            .objectLocked, "\(key) in \(name) is \(reason), so it is not deleted",
            hint: "Wait until the lock has ended; what is locked in governance mode can be removed with s3:BypassGovernanceRetention.")
    }
}
