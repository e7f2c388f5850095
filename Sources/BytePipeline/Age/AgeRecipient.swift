package import BackupModel
import Crypto

/// Whom a backup is encrypted to: the public half of an age X25519 key, written `age1…`. Whoever has it can encrypt, and not decrypt.
package struct AgeRecipient: Sendable, Hashable {
    let key: [UInt8]

    /// As age writes it: `age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj`.
    package let text: String

    init(key: [UInt8]) {
        self.key = key
        text = Bech32.encode(key, prefix: Self.prefix)
    }

    /// Throws `.invalidConfiguration` for what is no X25519 recipient. What was given is not repeated: somebody may have given the secret half.
    package init(_ text: String) throws(BackupError) {
        guard let (prefix, bytes) = Bech32.decode(text), prefix == Self.prefix, bytes.count == 32, text == text.lowercased() else {
            throw BackupError(.invalidConfiguration, "an age recipient cannot be used: \(Self.fault(of: text))", hint: Self.hint)
        }
        key = bytes
        self.text = text
    }

    /// 16 hexadecimal digits that tell recipients apart, and that manifests name them by: the beginning of the SHA-256 of `text`.
    package var fingerprint: String {
        SHA256.hash(data: Array(text.utf8)).prefix(8).hexadecimal
    }

    private static let prefix = "age"
    private static let hint =
        "It begins with age1 and has 62 letters; `call-center-admin key generate ./identity.txt` makes a key and prints it."

    private static func fault(of text: String) -> String {
        let lower = text.lowercased()
        if lower.hasPrefix("age-secret-key-") { return "this is an identity, the secret half, which belongs into BACKUP_AGE_IDENTITY_FILE" }
        if lower.hasPrefix("age1pq1") { return "post-quantum recipients are not supported, only X25519" }
        if lower.hasPrefix("ssh-") { return "SSH keys are not supported, only age's own X25519 keys" }
        if lower.hasPrefix("age1") {
            return "its checksum does not hold, so some letters of it are wrong or missing, or it is of another kind"
        }
        return "it does not begin with age1"
    }
}

extension AgeRecipient: CustomStringConvertible {
    package var description: String { text }
}
