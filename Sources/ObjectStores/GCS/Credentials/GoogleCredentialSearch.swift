import BackupModel
import NIOHTTP1

/// One search for credentials of Google's, from the beginning each time: files may be replaced while we run.
struct GoogleCredentialSearch: Sendable {
    let context: RunContext
    let endpoints: Endpoints

    func token() async throws -> GoogleToken {
        if let file = value("GOOGLE_APPLICATION_CREDENTIALS") {
            return try await naming("\(file), named by GOOGLE_APPLICATION_CREDENTIALS") {
                guard let text = try await SecretFile.text(file) else {
                    throw CredentialRefusal(
                        "there is no such file", hint: "Check GOOGLE_APPLICATION_CREDENTIALS, and in a container the mount.")
                }
                return try await token(of: GoogleKeyFile(json: text))
            }
        }
        if let text = try await naming(userFile, { try await SecretFile.text(userFile) }) {
            return try await naming(userFile) { try await token(of: GoogleKeyFile(json: text)) }
        }
        return try await naming("the metadata server \(metadataHost)") { try await metadataToken() }
    }

    /// For messages while there is no token.
    var place: String { value("GOOGLE_APPLICATION_CREDENTIALS") ?? "\(userFile) or the metadata server" }

    private func token(of file: GoogleKeyFile) async throws -> GoogleToken {
        switch file {
        case .serviceAccount(let account):
            let assertion = try await ServiceAccountAssertion.signed(for: account, at: context.now())
            let form = "grant_type=\(URIEscape.escape("urn:ietf:params:oauth:grant-type:jwt-bearer"))&assertion=\(assertion)"
            return try await exchange(form, at: account.tokenURL, "the service account \(account.email)", account.quotaProject)
        case .user(let user):
            let fields = [
                ("grant_type", "refresh_token"), ("client_id", user.clientID), ("client_secret", user.clientSecret.reveal()),
                ("refresh_token", user.refreshToken.reveal()),
            ]
            let form = fields.map { "\($0.0)=\(URIEscape.escape($0.1))" }.joined(separator: "&")
            return try await exchange(form, at: user.tokenURL, "the login of gcloud's user", user.quotaProject)
        }
    }

    private func exchange(_ form: String, at url: String, _ source: String, _ quotaProject: String?) async throws -> GoogleToken {
        let answer = try await endpoints.ask(endpoints.remote, .question(.POST, url, form: form))
        return try TokenAnswer.token(in: answer, from: url, source: source, quotaProject: quotaProject, at: context.now())
    }

    /// "Authenticate applications directly with access tokens" of the metadata server's documentation; without the header it does not answer, and
    /// whatever answers without one is none.
    private func metadataToken() async throws -> GoogleToken {
        let url = "http://\(metadataHost)/computeMetadata/v1/instance/service-accounts/default/token"
        let answer: HTTPAnswer
        do { answer = try await endpoints.near.send(.question(.GET, url, headers: ["Metadata-Flavor": "Google"])) } catch is HTTPFailure {
            throw CredentialRefusal("nothing answers there, so this host is none of Google's", hint: Self.hint)
        }
        guard answer.headers.first(name: "metadata-flavor") == "Google" else {
            throw CredentialRefusal("what answers there is no metadata server", hint: Self.hint)
        }
        guard answer.status != 404 else {
            throw CredentialRefusal("the instance has no service account", hint: "Attach a service account to it.")
        }
        return try TokenAnswer.token(
            in: answer, from: "it", source: "the instance's service account, by \(metadataHost)", quotaProject: nil, at: context.now())
    }

    private static let hint = "Set GOOGLE_APPLICATION_CREDENTIALS to a service account's key file, or attach a service account to the host."

    private func naming<Value: Sendable>(_ place: String, _ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let refusal as CredentialRefusal {
            throw BackupError(
                .storeFailed, "no Google credentials from \(place): \(refusal.why)",
                hint: refusal.hint ?? "Mend that, or \(Self.alternative)", obstacle: .credentials)
        }
    }

    private static let alternative = "set GOOGLE_APPLICATION_CREDENTIALS to another service account's key file."

    private var userFile: String {
        "\(value("CLOUDSDK_CONFIG") ?? "\(context.home)/.config/gcloud")/application_default_credentials.json"
    }

    private var metadataHost: String { value("GCE_METADATA_HOST") ?? "metadata.google.internal" }

    private func value(_ name: String) -> String? { context.environment[name].flatMap { $0.isEmpty ? nil : $0 } }
}
