import BackupModel

extension GCSStore: LockingStore {
    /// Asks for locks first: where old generations are kept, a delete makes one of what is locked and succeeds, and it is neither there nor gone.
    package func delete(_ key: String) async throws {
        try validate(key)
        try await uncancelled {
            if let reason = try await lockReason(of: key) { throw locked(key, reason) }
            try await client.delete(key)
        }
    }

    /// Who may not read objects has only the server's own word for it.
    package func lockReason(of key: String) async throws -> String? {
        try validate(key)
        do { return try await client.facts(key)?.lockReason(at: client.now()) } catch let error as BackupError
            where error.obstacle == .denied
        { return nil }
    }

    private func locked(_ key: String, _ reason: String) -> BackupError {
        BackupError(
            .objectLocked, "\(key) in \(name) is \(reason), so it is not deleted",
            hint: "It can go when its retention has passed or its hold is released; `gcloud storage objects describe` shows both.")
    }
}

extension GCSObject {
    /// Why the object cannot be deleted, to stand behind “it is”; nil when it can.
    func lockReason(at now: Instant) -> String? {
        if let keptUntil, keptUntil > now { return "locked until \(keptUntil.display(asOf: now)) by a retention" }
        if temporaryHold == true { return "under a temporary hold" }
        return eventBasedHold == true ? "under an event-based hold" : nil
    }
}
