import BackupModel
import NIOCore

/// Whether the bucket keeps what it is told to keep.
extension S3TrialStore {
    /// A lock that the settings ask for has to be known to hold: that nobody may look, or that the server does not know the question, is no answer.
    func lockTrial(_ key: String, _ context: RunContext) async throws -> Trial {
        guard asksForLocks else { return try await optional("object lock") { try await lock(key, context) } }
        do { return try await lock(key, context) } catch let error as BackupError where error.code == .storeFailed {
            let message = "the settings ask for object lock, and whether the bucket has it is not known: \(error.message)"
            return unmet(message, hint: error.hint ?? "Take a bucket whose lock can be looked at.")
        }
    }

    private var asksForLocks: Bool { configured.retention != nil || configured.hasLegalHold }

    /// A failure where the settings ask for it.
    private func unmet(_ message: String, hint: String) -> Trial {
        guard asksForLocks else { return Trial("object lock", message, .lacking(hint: hint)) }
        return Trial("object lock", message, .failed(BackupError(.storeFailed, message, hint: hint)))
    }

    private func lock(_ key: String, _ context: RunContext) async throws -> Trial {
        guard try await store.locksObjects() else {
            guard asksForLocks else {
                let hint =
                    "With object lock (BACKUP_S3_LOCK_MODE) a stolen key cannot delete the last good backup; it takes a bucket made with it."
                return unmet("the bucket has no object lock", hint: hint)
            }
            let hint = "Object lock can only be turned on when a bucket is made, or by AWS's support: take another bucket."
            return unmet("the bucket has no object lock, and the settings ask for it", hint: hint)
        }
        return try await lockedTrial(key, context)
    }

    /// For as short as makes sense, so that little stays where nobody may lift it.
    private func lockedTrial(_ key: String, _ context: RunContext) async throws -> Trial {
        let lead = try await store.clockLead() ?? .zero
        let until = context.now() + lead + .seconds(120)
        let lock = S3Facts.Lock(mode: S3Options.Retention.Mode.governance.rawValue, until: until, hasHold: false)
        let stored = try await store.write(
            key, ByteBuffer(string: "locked\n"), condition: ("if-none-match", "*"), token: S3Store.freshToken(), lock: lock)
        guard stored == .written, let version = try await store.versions(of: key).first else {
            let hint = "Locks belong to versions: turn versioning on, and check again."
            return unmet("an object that was stored with a lock has no version", hint: hint)
        }
        let hidden = try await hiddenLocks(of: key)
        return seeing(hidden, try await deletionTrial(version, key, until))
    }

    /// What is needed to see locks, and is missing. Nothing is refused without it: HEAD then leaves out `x-amz-object-lock-mode` and
    /// `x-amz-object-lock-legal-hold` (HeadObject of the API reference), and a delete of what looks unlocked hides it behind a marker.
    func hiddenLocks(of key: String) async throws -> [String] {
        let isShown = if case .present(let facts) = try await store.presence(of: key) { facts.lock.until != nil } else { false }
        var missing = isShown ? [] : ["s3:GetObjectRetention"]
        // An object that never had a hold shows none; servers without holds answer with one of these.
        let request = S3Request(.legalHold, key, query: [("legal-hold", "")])
        let answer = try await store.client.send(request, expecting: [400, 404, 405, 501], tolerating: ["AccessDenied"])
        if answer.status == 403 { missing.append(S3Operation.legalHold.permission) }
        return missing
    }

    func seeing(_ hidden: [String], _ trial: Trial) -> Trial {
        guard trial.failure == nil, !hidden.isEmpty else { return trial }
        let needed = hidden.joined(separator: " and ")
        let message = "\(trial.message); but these credentials do not see locks: permission \(needed) is missing"
        let hint =
            "Grant \(needed): without it `prune` says of locked backups that they were removed, while they are only hidden by delete markers."
        return unmet(message, hint: hint)
    }

    func deletionTrial(_ version: String, _ key: String, _ until: Instant) async throws -> Trial {
        if let refusal = try await refusalToDelete(version, key) {
            let isTold = refusal.namesLock || refusal.namesPermission
            let isOfLock = try await isTold ? refusal.namesLock : mayDeleteVersions(of: key)
            let rest = try await removal(of: version, key, until)
            return isOfLock ? Trial("object lock", "a locked object is not deleted\(rest)") : Self.untold(rest)
        }
        guard try await store.versions(of: key).contains(version) else {
            return .lies("object lock", "an object was deleted although it was locked until \(until.display)")
        }
        return Trial(
            "object lock", "a locked object is not deleted, though the server says it was\(try await removal(of: version, key, until))")
    }

    /// Nil where it was not refused, or is not there. Whatever else the server says is an error.
    private func refusalToDelete(_ version: String, _ key: String) async throws -> S3Refusal? {
        let request = S3Request(.deleteVersion, key, query: [("versionId", version)])
        let answer = try await store.client.send(request, expecting: [404], tolerating: ["AccessDenied", "ObjectLocked", "InvalidRequest"])
        guard !answer.isSuccess, answer.status != 404 else { return nil }
        let refusal = S3Refusal(answer)
        // MinIO's code for a lock is anybody's for a request that makes no sense.
        if refusal.code == "InvalidRequest", !refusal.namesLock {
            throw S3Failure.error(refusal, answer, request, try await store.client.credentials.credentials(), store.client)
        }
        return refusal
    }

    /// Who lacks the permission is refused in the same words as who meets a lock, by servers that do not name it: a version without a lock, put where the
    /// locked one is and cleaned up with it, tells the two apart.
    private func mayDeleteVersions(of key: String) async throws -> Bool {
        guard case .present(let facts) = try await store.presence(of: key) else { return false }
        let before = try await store.versions(of: key)
        let stored = try await store.write(
            key, ByteBuffer(string: "free\n"), condition: ("if-match", facts.tag), token: S3Store.freshToken(), lock: nil)
        guard stored == .written, let free = try await store.versions(of: key).first(where: { !before.contains($0) }) else { return false }
        return try await refusalToDelete(free, key) == nil
    }

    private static func untold(_ rest: String) -> Trial {
        let message = "a locked object is not deleted; whether for its lock, or as these credentials may delete no version, cannot be told"
        let hint =
            "Check once with credentials that have s3:DeleteObjectVersion; backups themselves are better off without that permission."
        return Trial("object lock", message + rest, .lacking(hint: hint))
    }

    /// Lifting the lock takes a permission that backups are better off without.
    private func removal(of version: String, _ key: String, _ until: Instant) async throws -> String {
        do {
            try await store.deleteVersion(version, of: key, headers: [("x-amz-bypass-governance-retention", "true")])
        } catch is BackupError {
            return "; \(key) of 7 bytes stays, and can be deleted from \(until.display) on"
        }
        return "; but this key may lift locks of governance mode (s3:BypassGovernanceRetention)"
    }
}

extension S3Refusal {
    /// AWS denies access “because object protected by object lock”, MinIO as “Object is WORM protected”; others have a code of their own.
    fileprivate var namesLock: Bool {
        let words = message.lowercased()
        return code == "ObjectLocked" || words.contains("object lock") || words.contains("worm")
    }

    /// AWS: “is not authorized to perform: s3:DeleteObjectVersion”.
    fileprivate var namesPermission: Bool { message.contains("not authorized") }
}
