import BackupModel
import NIOHTTP1

/// AWS's token service: exchanges credentials, or a token of somebody it trusts, for the temporary credentials of a role.
struct TokenService: Sendable {
    let environment: [String: String]
    let now: @Sendable () -> Instant
    let endpoints: Endpoints

    func assume(_ role: AssumedRole, as caller: AWSCredentials, source: String) async throws -> AWSCredentials {
        let endpoint = STSEndpoint(environment: environment, region: role.region)
        let call = endpoint.signed(STSMessages.assumeRole(role), with: caller, at: now())
        return try await ask(call, "sts:AssumeRole on \(role.arn)", source)
    }

    func assume(_ role: AssumedRole, webIdentity token: String, source: String) async throws -> AWSCredentials {
        let endpoint = STSEndpoint(environment: environment, region: role.region)
        let call = HTTPCall.question(.POST, endpoint.url, form: STSMessages.assumeRole(role, webIdentity: token))
        return try await ask(call, "sts:AssumeRoleWithWebIdentity on \(role.arn)", source)
    }

    private func ask(_ call: HTTPCall, _ permission: String, _ source: String) async throws -> AWSCredentials {
        let answer = try await endpoints.ask(endpoints.remote, call)
        if answer.status == 200 { return try STSMessages.credentials(in: answer.body, source: source) }
        guard let refusal = STSMessages.refusal(in: answer.body) else {
            throw CredentialRefusal("the token service at \(call.url) refused \(permission) with status \(answer.status)")
        }
        let isDenied = refusal.code == "AccessDenied"
        throw CredentialRefusal(
            "the token service refused \(permission): \(refusal.code): \(refusal.message)",
            hint: isDenied ? "Grant \(permission), in the caller's policy and in the role's trust policy." : nil)
    }
}
