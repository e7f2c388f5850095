import BackupModel
import Crypto
import FoundationEssentials

/// AWS Signature Version 4 in the `Authorization` header, as “Signature Version 4 signing process” of the AWS General Reference describes it. Pure.
struct SignatureV4 {
    var region: String
    var service = "s3"
    var credentials: AWSCredentials
    var time: Instant

    /// The request as far as it is signed.
    struct Subject {
        var method: String
        /// Escaped.
        var path: String
        /// Not escaped yet.
        var query: [(name: String, value: String)]
        /// All of them are signed; `host` has to be one.
        var headers: [(name: String, value: String)]
        /// Hexadecimal SHA-256 of the body.
        var payloadHash: String
    }

    /// `20130524T000000Z`; names of recovery points have the same form.
    var timestamp: String { RecoveryPointID(at: time).description }

    private var scope: String { "\(timestamp.prefix(8))/\(region)/\(service)/aws4_request" }

    /// The value of `Authorization`.
    func authorization(for subject: Subject) -> String {
        let names = subject.signedHeaders
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope),SignedHeaders=\(names),Signature=\(signature(of: subject))"
    }

    func signature(of subject: Subject) -> String {
        let hash = SHA256.hash(data: Data(subject.canonical.utf8)).hexadecimal
        let text = "AWS4-HMAC-SHA256\n\(timestamp)\n\(scope)\n\(hash)"
        return hmac(signingKey, text).hexadecimal
    }

    private var signingKey: SymmetricKey {
        let secret = SymmetricKey(data: Data("AWS4\(credentials.secretAccessKey.reveal())".utf8))
        return [String(timestamp.prefix(8)), region, service, "aws4_request"].reduce(secret) { SymmetricKey(data: hmac($0, $1)) }
    }

    private func hmac(_ key: SymmetricKey, _ text: String) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }
}

extension SignatureV4.Subject {
    /// The canonical request.
    var canonical: String {
        let lines = sortedHeaders.map { "\($0.name):\($0.value)\n" }.joined()
        return "\(method)\n\(path)\n\(Self.queryString(query))\n\(lines)\n\(signedHeaders)\n\(payloadHash)"
    }

    /// Escaped and sorted by the escaped name, then value; what stands behind the `?` of the request too.
    static func queryString(_ query: [(name: String, value: String)]) -> String {
        query.map { (URIEscape.escape($0.name), URIEscape.escape($0.value)) }.sorted { $0 < $1 }.map { "\($0)=\($1)" }
            .joined(separator: "&")
    }

    var signedHeaders: String { sortedHeaders.map(\.name).joined(separator: ";") }

    /// Names in lowercase, values without spaces around them and with single ones between words, repeated names joined.
    private var sortedHeaders: [(name: String, value: String)] {
        let plain = headers.map { ($0.name.lowercased(), $0.value.split(separator: " ").joined(separator: " ")) }
        return Dictionary(plain, uniquingKeysWith: { "\($0),\($1)" }).map { (name: $0, value: $1) }.sorted { $0.name < $1.name }
    }
}
