import BackupModel
import NIOHTTP1

/// Whether the bucket keeps what is replaced and deleted.
extension GCSStore {
    /// What the bucket says of itself is tried. What it keeps for a time of its own can be neither replaced nor removed again.
    func versioningTrial(_ bucket: GCSBucket, _ key: String) async throws -> Trial {
        let said = Self.versioning(bucket)
        guard bucket.versioning?.enabled == true else { return said }
        guard !bucket.keepsAll else {
            return Trial("versioning", said.message + "; not tried, as nothing that is stored here can be replaced")
        }
        return try await cleaning(key) {
            try await keepsReplaced(key)
                ? said : .lies("versioning", "the bucket says that it keeps old versions, and what was replaced and deleted is gone")
        }
    }

    private func keepsReplaced(_ key: String) async throws -> Bool {
        let first = Array("to be replaced\n".utf8)
        try await put(key, bytes: first)
        guard let object = try await client.facts(key) else { return false }
        try await update(key) { _ in Array("to be deleted\n".utf8) }
        try await delete(key)
        let url = client.location.object(key, [("generation", "\(object.generation)"), ("alt", "media")])
        let answer = try await client.send(.read(key), HTTPCall(.GET, url))
        guard answer.status != 404 else { return false }
        guard answer.isSuccess else { throw await client.error(of: answer, .read(key)) }
        return answer.body == first
    }
}
