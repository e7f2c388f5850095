package import BackupModel
import Crypto

/// The secret half of an age X25519 key, written `AGE-SECRET-KEY-1…`: it opens what was encrypted to its recipient.
package struct AgeIdentity: Sendable {
    let key: Curve25519.KeyAgreement.PrivateKey
    /// Where it was read from, for messages: a setting and a file; nil where nobody said.
    package var origin: String?

    /// A new one.
    package init() {
        key = Curve25519.KeyAgreement.PrivateKey()
    }

    /// Throws `.invalidConfiguration` for what is no X25519 identity; the message never repeats any of it.
    package init(_ text: Secret) throws(BackupError) {
        let given = text.reveal()
        guard given == given.uppercased(), let (prefix, bytes) = Bech32.decode(given), prefix == Self.prefix.lowercased(),
            let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes)
        else {
            throw BackupError(
                .invalidConfiguration, "an age identity cannot be used: \(Self.fault(of: given))",
                hint: "It begins with AGE-SECRET-KEY-1; `call-center-admin key generate ./identity.txt` makes one.")
        }
        self.key = key
    }

    package var recipient: AgeRecipient { AgeRecipient(key: [UInt8](key.publicKey.rawRepresentation)) }

    /// As identity files have it.
    package var text: Secret {
        Secret(Bech32.encode([UInt8](key.rawRepresentation), prefix: Self.prefix.lowercased()).uppercased())
    }

    private static let prefix = "AGE-SECRET-KEY-"

    private static func fault(of text: String) -> String {
        if text.hasPrefix("AGE-PLUGIN-") { return "plugins are not supported" }
        if text.hasPrefix("AGE-SECRET-KEY-PQ-") { return "post-quantum keys are not supported, only X25519" }
        if text.hasPrefix("-----BEGIN") { return "SSH keys and encrypted identity files are not supported" }
        if text.hasPrefix(prefix) { return "its checksum does not hold: letters of it are wrong or missing" }
        return "it does not begin with \(prefix)1"
    }
}

extension AgeIdentity: CustomStringConvertible, CustomReflectable {
    package var description: String { "identity of \(recipient)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
