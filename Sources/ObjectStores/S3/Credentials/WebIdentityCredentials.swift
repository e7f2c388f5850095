import BackupModel

/// A token somebody AWS trusts wrote into a file (EKS service accounts, CI systems), exchanged for the credentials of a role.
struct WebIdentityCredentials: AWSCredentialLink {
    let environment: [String: String]
    let service: TokenService

    var name: String { "the web identity" }

    func find() async throws -> AWSCredentialFinding {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let file = value("AWS_WEB_IDENTITY_TOKEN_FILE") else { return .absent("AWS_WEB_IDENTITY_TOKEN_FILE is not set") }
        guard let arn = value("AWS_ROLE_ARN") else {
            throw CredentialRefusal(
                "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN", hint: "Set AWS_ROLE_ARN to the role to assume.")
        }
        let role = AssumedRole(arn: arn, session: value("AWS_ROLE_SESSION_NAME"))
        return .found(try await Self.credentials(role, file, "AWS_WEB_IDENTITY_TOKEN_FILE", service))
    }

    static func credentials(_ role: AssumedRole, _ file: String, _ variable: String, _ service: TokenService) async throws -> AWSCredentials
    {
        let token = try await SecretFile.token(file, namedBy: variable)
        return try await service.assume(role, webIdentity: token, source: "the role \(role.arn), by the web identity in \(file)")
    }
}
