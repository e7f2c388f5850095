import BackupModel

/// Whether the bucket keeps what is replaced and deleted.
extension S3TrialStore {
    func versioning(_ key: String) async throws -> Trial {
        switch try await store.versioning() {
        case "Enabled": return try await enabledVersioning(key)
        case let state:
            return Trial(
                "versioning", "no old versions are kept\(state == nil ? "" : " any more")",
                .lacking(
                    hint:
                        "Turn versioning on with a lifecycle rule for old versions, so that a stolen key cannot delete the last good backup."
                ))
        }
    }

    /// What the bucket says of itself is tried, where these credentials may.
    private func enabledVersioning(_ key: String) async throws -> Trial {
        do { return try await replacing(key) } catch let error as BackupError where error.code == .storeFailed {
            let message = "the bucket says that it keeps old versions, which could not be tried: \(error.message)"
            return Trial("versioning", message, .lacking(hint: error.hint ?? "Backups do without it."))
        }
    }

    private func replacing(_ key: String) async throws -> Trial {
        // Before anything is stored: what nobody may list here nobody could remove.
        _ = try await store.versions(of: key)
        let result: Swift.Result<Bool, any Error>
        do { result = .success(try await keepsReplaced(key)) } catch { result = .failure(error) }
        let rest = try await uncancelled { try await store.removeTrial(key) }
        return try Self.verdict(on: result, leaving: rest.map { "; \($0)" } ?? "")
    }

    /// - Parameter rest: what could not be removed again, which is said whatever came of the trial.
    private static func verdict(on result: Swift.Result<Bool, any Error>, leaving rest: String) throws -> Trial {
        switch result {
        case .success(true):
            return Trial("versioning", "old versions are kept, so what somebody deletes or replaces can be brought back\(rest)")
        case .success(false):
            return .lies("versioning", "the bucket says that it keeps old versions, and what was replaced and deleted is gone\(rest)")
        case .failure(var error as BackupError):
            error.message += rest
            throw error
        case .failure(let error): throw error
        }
    }

    private func keepsReplaced(_ key: String) async throws -> Bool {
        let first = Array("to be replaced\n".utf8)
        try await store.put(key, bytes: first)
        try await store.update(key) { _ in Array("to be deleted\n".utf8) }
        // A bucket may lock everything by itself: then it is replaced, and nothing more.
        do { try await store.delete(key) } catch let error as BackupError where error.code == .objectLocked {}
        for version in try await store.versions(of: key, withMarkers: false) {
            let request = S3Request(.getVersion, key, query: [("versionId", version)])
            let answer = try await store.client.send(request, expecting: [404])
            if answer.isSuccess, answer.body == first { return true }
        }
        return false
    }
}
