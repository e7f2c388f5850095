import BackupModel
import NIOHTTP1

extension S3Facts {
    /// How the server says that it encrypts an object.
    struct Encryption: Sendable, Equatable {
        static let methodHeader = "x-amz-server-side-encryption"
        static let keyHeader = "x-amz-server-side-encryption-aws-kms-key-id"

        /// `AES256` or `aws:kms`; nil where it says nothing.
        var method: String?
        /// As the server names it, which may be otherwise than it was asked for.
        var keyID: String?

        init(method: String? = nil, keyID: String? = nil) {
            self.method = method
            self.keyID = keyID
        }

        init(_ headers: HTTPHeaders) {
            self.init(method: headers.first(name: Self.methodHeader), keyID: headers.first(name: Self.keyHeader))
        }
    }
}

extension S3Facts.Encryption {
    /// What is otherwise than it was asked for, in words; nil when nothing is. A key that the server does not name counts as the right one.
    func difference(from wanted: S3Options.Encryption) -> String? {
        guard let asked = wanted.method else { return nil }
        guard let method else { return "the server does not say that it encrypts it, and \(asked) was asked for" }
        guard method == asked else { return "the server encrypts it with \(method), and \(asked) was asked for" }
        guard case .kms(let key?) = wanted, let keyID, !Self.mayBeSame(keyID, key) else { return nil }
        return "the server encrypts it with the key \(keyID), and \(key) was asked for"
    }

    /// AWS takes a key by its ID, its ARN or an alias, and names it by its ARN; which key an alias stands for only KMS knows. Others put `arn:aws:kms:`
    /// before the name.
    private static func mayBeSame(_ named: String, _ asked: String) -> Bool {
        if named == asked || isAlias(asked) || isAlias(named) { return true }
        return lastComponent(named) == lastComponent(asked)
    }

    private static func isAlias(_ key: String) -> Bool { key.hasPrefix("alias/") || key.contains(":alias/") }

    private static func lastComponent(_ key: String) -> Substring { key[...].split { $0 == "/" || $0 == ":" }.last ?? "" }

    /// `aws:kms and the key …`
    var words: String? { method.map { $0 + (keyID.map { " and the key \($0)" } ?? "") } }
}

extension S3Options.Encryption {
    /// As S3's headers say it; nil for what the bucket does by itself.
    var method: String? {
        switch self {
        case .bucket: nil
        case .s3: "AES256"
        case .kms: "aws:kms"
        }
    }

    var headers: [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        if let method { headers.append((S3Facts.Encryption.methodHeader, method)) }
        if case .kms(let keyID?) = self { headers.append((S3Facts.Encryption.keyHeader, keyID)) }
        return headers
    }
}

/// What is not encrypted as it was asked for is not stored.
extension S3Store {
    /// AWS says it in the answer to a PUT already; others only when they are asked for the object.
    func requireEncryption(of key: String, _ answer: HTTPAnswer) async throws {
        let said = S3Facts.Encryption(answer.headers)
        guard said.difference(from: options.encryption) != nil, provesEncryption else { return }
        guard case .present(let facts) = try await presence(of: key) else { return try requireEncryption(said, of: key) }
        try requireEncryption(facts.encryption, of: key)
    }

    func requireEncryption(_ said: S3Facts.Encryption, of key: String) throws {
        guard provesEncryption, let difference = said.difference(from: options.encryption) else { return }
        throw BackupError(
            .storeFailed, "\(key) in \(name) is not encrypted as BACKUP_S3_ENCRYPTION asks: \(difference)",
            hint:
                "Turn that encryption on at the server and run `call-center-admin storage check`; or set BACKUP_S3_ENCRYPTION=bucket and encrypt "
                + "backups themselves (BACKUP_AGE_RECIPIENTS).")
    }
}
