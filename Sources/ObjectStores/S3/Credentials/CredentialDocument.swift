import BackupModel
import FoundationEssentials

/// The JSON that metadata endpoints hand out keys in. Pure.
///
/// EC2: "Retrieve security credentials from instance metadata"; ECS and EKS: "Container credential provider". EC2 adds a `Code`, and says errors
/// with it under status 200.
struct CredentialDocument: Decodable {
    var code: String?
    var message: String?
    var accessKeyID: String?
    var secretAccessKey: String?
    var token: String?
    var expiration: String?

    enum CodingKeys: String, CodingKey {
        case code = "Code"
        case message = "Message"
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case token = "Token"
        case expiration = "Expiration"
    }

    /// - Throws: `CredentialRefusal` saying what is missing; the document itself is never quoted.
    static func credentials(in json: [UInt8], source: String) throws -> AWSCredentials {
        let document: CredentialDocument
        do { document = try JSONDecoder().decode(Self.self, from: Data(json)) } catch {
            throw CredentialRefusal("what it answered is no document of credentials")
        }
        if let code = document.code, code != "Success" {
            throw CredentialRefusal("it answered \(code)\(document.message.map { ": \($0)" } ?? "")")
        }
        return try document.credentials(source: source)
    }

    private func credentials(source: String) throws -> AWSCredentials {
        guard let accessKeyID, !accessKeyID.isEmpty, let secretAccessKey, !secretAccessKey.isEmpty else {
            throw CredentialRefusal("its answer holds no AccessKeyId and SecretAccessKey")
        }
        return AWSCredentials(
            accessKeyID: accessKeyID, secretAccessKey: Secret(secretAccessKey), sessionToken: token.map { Secret($0) },
            expiresAt: try expiration.map(expiry), source: source)
    }
}

/// An expiry nobody can read would let expired keys be used for ever.
func expiry(_ text: String) throws -> Instant {
    guard let instant = Instant(iso8601: text) else { throw CredentialRefusal("its answer expires at “\(text)”, which is no time in UTC") }
    return instant
}
