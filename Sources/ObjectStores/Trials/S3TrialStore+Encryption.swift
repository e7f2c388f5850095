import BackupModel
import NIOCore

/// Whether the server encrypts what it stores, and as the settings ask.
extension S3TrialStore {
    /// In parts and at once: servers keep what was asked for in different places.
    func encryption(_ key: String) async throws -> Trial {
        let inParts = try await encryptionInParts(key + "-parts")
        return try await cleaning(key) { _ in
            try await store.putWhole(key, Self.secret, token: S3Store.freshToken())
            return Self.encryptionTrial([try await store.object(key).facts.encryption, inParts], wanted: configured.encryption)
        }
    }

    private static let secret = ByteBuffer(string: "secret?\n")

    private func encryptionInParts(_ key: String) async throws -> S3Facts.Encryption {
        let token = S3Store.freshToken()
        return try await cleaning(key, token: token) { upload in
            let part = try await store.uploadPart(PartQueue.Item(number: 1, bytes: Self.secret), of: key, upload: upload)
            try await store.completeUpload(key, upload: upload, parts: [part], token: token)
            return try await store.object(key).facts.encryption
        }
    }

    /// - Parameter found: of all objects that were stored for it.
    static func encryptionTrial(_ found: [S3Facts.Encryption], wanted: S3Options.Encryption) -> Trial {
        if let difference = found.lazy.compactMap({ $0.difference(from: wanted) }).first {
            let message = "not as BACKUP_S3_ENCRYPTION asks: \(difference)"
            let hint =
                "Turn that encryption on at the server; or set BACKUP_S3_ENCRYPTION=bucket and encrypt backups themselves (BACKUP_AGE_RECIPIENTS)."
            return Trial("encryption", message, .failed(BackupError(.storeFailed, "encryption is \(message)", hint: hint)))
        }
        guard let plainest = found.first(where: { $0.method == nil }) ?? found.first, let words = plainest.words else {
            let hint = "Encrypt backups themselves (BACKUP_AGE_RECIPIENTS), or turn encryption on at the server."
            return Trial("encryption", "the server does not say that it encrypts what it stores", .lacking(hint: hint))
        }
        if case .kms(let key?) = wanted, found.contains(where: { $0.keyID == nil }) {
            let hint = "Look at the server's log or settings for which key it takes; backups only know the method."
            let message = "what is stored is encrypted with \(words), and whether with the key \(key) is not said"
            return Trial("encryption", message, .lacking(hint: hint))
        }
        return Trial("encryption", "what is stored is encrypted with \(words)")
    }
}
