import BackupModel
import FoundationEssentials
import JWTKit

/// What a service account says of itself to get a token: a JWT signed with its key, by RFC 7523 and "Using OAuth 2.0 for server to server
/// applications" of Google's documentation.
struct ServiceAccountAssertion: JWTPayload {
    var iss: String
    var scope: String
    var aud: String
    var iat: Int64
    var exp: Int64

    /// Read and write objects, but not the bucket's policies.
    static let scope = "https://www.googleapis.com/auth/devstorage.read_write"

    init(_ account: GoogleKeyFile.ServiceAccount, at now: Instant) {
        iss = account.email
        scope = Self.scope
        aud = account.tokenURL
        iat = now.millisecondsSinceEpoch / 1000
        exp = iat + 3600
    }

    /// Nobody verifies here what was made here.
    func verify(using algorithm: some JWTAlgorithm) async throws {}

    /// - Throws: `CredentialRefusal` when the key is none.
    static func signed(for account: GoogleKeyFile.ServiceAccount, at now: Instant) async throws -> String {
        let key: Insecure.RSA.PrivateKey
        do { key = try Insecure.RSA.PrivateKey(pem: account.privateKey.reveal()) } catch {
            throw CredentialRefusal("its private_key is no RSA key in PEM form")
        }
        let kid = account.keyID.map { JWKIdentifier(string: $0) }
        let keys = await JWTKeyCollection().add(rsa: key, digestAlgorithm: .sha256, kid: kid)
        return try await keys.sign(ServiceAccountAssertion(account, at: now), kid: kid)
    }
}
