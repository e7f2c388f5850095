import Crypto
import FoundationEssentials

/// The 16 secret bytes a file is encrypted with; every recipient finds them in the header, wrapped for itself.
struct AgeFileKey: Sendable {
    private let key: SymmetricKey

    /// A new one; no two files share one.
    init() {
        key = SymmetricKey(size: .bits128)
    }

    init?(_ bytes: Data) {
        guard bytes.count == 16 else { return nil }
        key = SymmetricKey(data: bytes)
    }

    func payloadKey(nonce: [UInt8]) -> SymmetricKey { Self.derive(key, salt: nonce, "payload") }

    func mac(of header: AgeHeader) -> [UInt8] {
        [UInt8](HMAC<SHA256>.authenticationCode(for: header.authenticated, using: Self.derive(key, salt: [], "header")))
    }

    func authenticates(_ header: AgeHeader) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(
            header.mac, authenticating: header.authenticated, using: Self.derive(key, salt: [], "header"))
    }

    private static func derive(_ key: SymmetricKey, salt: [UInt8], _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: key, salt: salt, info: Array(purpose.utf8), outputByteCount: 32)
    }
}

extension AgeFileKey {
    static let kind = "X25519"
    private static let purpose = Array("age-encryption.org/v1/X25519".utf8)

    func header(for recipients: [AgeRecipient]) throws -> AgeHeader {
        var header = AgeHeader(stanzas: try recipients.map(wrapped), mac: [])
        header.mac = mac(of: header)
        return header
    }

    /// Each time with an ephemeral key of its own.
    private func wrapped(for recipient: AgeRecipient) throws -> AgeStanza {
        let ephemeral = Curve25519.KeyAgreement.PrivateKey()
        let share = [UInt8](ephemeral.publicKey.rawRepresentation)
        let shared = try ephemeral.sharedSecretFromKeyAgreement(with: .init(rawRepresentation: recipient.key))
        let box = try key.withUnsafeBytes {
            try ChaChaPoly.seal($0, using: Self.wrapKey(shared, share: share, recipient: recipient.key), nonce: Self.zeroNonce())
        }
        return AgeStanza(arguments: [Self.kind, AgeBase64.encode(share)], body: [UInt8](box.ciphertext + box.tag))
    }

    /// What an identity finds in a stanza; nil when it is for somebody else.
    /// - Throws: `AgeHeaderReader.Fault` for a stanza no honest writer makes.
    init?(in stanza: AgeStanza, for identity: AgeIdentity) throws {
        guard stanza.arguments.first == Self.kind else { return nil }
        guard stanza.arguments.count == 2, let share = AgeBase64.decode(stanza.arguments[1]), share.count == 32, stanza.body.count == 32
        else { throw AgeHeaderReader.Fault.malformed("its header has a recipient of a wrong length") }
        let peer = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: share)
        guard let shared = try? identity.key.sharedSecretFromKeyAgreement(with: peer),
            !shared.withUnsafeBytes({ $0.allSatisfy { $0 == 0 } })
        else {
            throw AgeHeaderReader.Fault.malformed("its header has a recipient with a share of low order")
        }
        let key = Self.wrapKey(shared, share: share, recipient: identity.recipient.key)
        let box = try ChaChaPoly.SealedBox(nonce: Self.zeroNonce(), ciphertext: stanza.body.prefix(16), tag: stanza.body.suffix(16))
        guard let bytes = try? ChaChaPoly.open(box, using: key) else { return nil }
        self.init(bytes)
    }

    private static func wrapKey(_ shared: SharedSecret, share: [UInt8], recipient: [UInt8]) -> SymmetricKey {
        shared.hkdfDerivedSymmetricKey(using: SHA256.self, salt: share + recipient, sharedInfo: purpose, outputByteCount: 32)
    }

    private static func zeroNonce() throws -> ChaChaPoly.Nonce { try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)) }
}
