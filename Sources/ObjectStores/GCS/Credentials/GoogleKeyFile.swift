import BackupModel
import FoundationEssentials

/// A file of Google's "application default credentials", by its `type`. Pure.
enum GoogleKeyFile: Sendable, Equatable {
    case serviceAccount(ServiceAccount)
    case user(UserAccount)

    struct ServiceAccount: Sendable, Equatable {
        var email: String
        var keyID: String?
        var privateKey: Secret
        var tokenURL: String
        var quotaProject: String?
    }

    struct UserAccount: Sendable, Equatable {
        var clientID: String
        var clientSecret: Secret
        var refreshToken: Secret
        var tokenURL: String
        var quotaProject: String?
    }

    static let tokenURL = "https://oauth2.googleapis.com/token"

    /// - Throws: `CredentialRefusal` saying what is missing; nothing of the file is quoted but its type.
    init(json: String) throws {
        let fields: Fields
        do { fields = try snakeCaseDecoder().decode(Fields.self, from: Data(json.utf8)) } catch {
            throw CredentialRefusal("it is not the JSON of a key")
        }
        switch fields.type {
        case "service_account":
            self = .serviceAccount(
                ServiceAccount(
                    email: try Self.required(fields.clientEmail, "client_email"), keyID: fields.privateKeyId,
                    privateKey: Secret(try Self.required(fields.privateKey, "private_key")),
                    tokenURL: fields.tokenUri ?? Self.tokenURL, quotaProject: fields.quotaProjectId))
        case "authorized_user":
            self = .user(
                UserAccount(
                    clientID: try Self.required(fields.clientId, "client_id"),
                    clientSecret: Secret(try Self.required(fields.clientSecret, "client_secret")),
                    refreshToken: Secret(try Self.required(fields.refreshToken, "refresh_token")),
                    tokenURL: fields.tokenUri ?? Self.tokenURL, quotaProject: fields.quotaProjectId))
        case let type?:
            throw CredentialRefusal(
                "credentials of the type \(type) are not understood",
                hint: "Use a service account's key, a user's login (`gcloud auth application-default login`) or the host's metadata server."
            )
        case nil: throw CredentialRefusal("it has no type")
        }
    }

    private static func required(_ value: String?, _ name: String) throws -> String {
        guard let value, !value.isEmpty else { throw CredentialRefusal("it has no \(name)") }
        return value
    }

    private struct Fields: Decodable {
        var type: String?
        var clientEmail: String?
        var privateKeyId: String?
        var privateKey: String?
        var tokenUri: String?
        var clientId: String?
        var clientSecret: String?
        var refreshToken: String?
        var quotaProjectId: String?
    }
}

/// For documents whose names are written `like_this`.
func snakeCaseDecoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
}
