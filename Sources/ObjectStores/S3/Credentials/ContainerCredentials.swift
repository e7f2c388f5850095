import BackupModel
import NIOHTTP1

/// The credentials of a task of ECS or a pod of EKS, from the endpoint its variables name.
struct ContainerCredentials: AWSCredentialLink {
    let environment: [String: String]
    let endpoints: Endpoints

    var name: String { "the container's endpoint" }

    func find() async throws -> AWSCredentialFinding {
        guard let endpoint = try ContainerEndpoint(environment: environment) else {
            return .absent("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set")
        }
        var call = HTTPCall.question(.GET, endpoint.url)
        if let token = try await token() { call.headers.add(name: "Authorization", value: token) }
        let answer = try await endpoints.ask(endpoints.near, call)
        guard answer.status == 200 else {
            throw CredentialRefusal(
                "\(endpoint.url), named by \(endpoint.variable), answered with status \(answer.status)",
                hint: "Give the task or the service account a role that may use the bucket.")
        }
        return .found(try CredentialDocument.credentials(in: answer.body, source: "the container's role, by \(endpoint.variable)"))
    }

    /// The file goes before the value, as it is renewed.
    private func token() async throws -> String? {
        if let file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], !file.isEmpty {
            return try await SecretFile.token(file, namedBy: "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
        }
        guard let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"], !token.isEmpty else { return nil }
        guard !token.contains(where: \.isNewline) else { throw CredentialRefusal("AWS_CONTAINER_AUTHORIZATION_TOKEN holds a line end") }
        return token
    }
}
