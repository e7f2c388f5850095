import BackupModel

/// The profile AWS_PROFILE names, or the default one, of the files AWS's programs share.
struct ProfileCredentials: AWSCredentialLink {
    let environment: [String: String]
    let home: String
    let service: TokenService

    var name: String { "the shared profile files" }

    func find() async throws -> AWSCredentialFinding {
        let named = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].compactMap { environment[$0] }.first { !$0.isEmpty }
        let profiles = try await read()
        let profile = named ?? "default"
        switch try profiles.plan(for: profile) {
        case .none(let why):
            guard named == nil else {
                throw CredentialRefusal(
                    "\(why), which AWS_PROFILE names", hint: "Check AWS_PROFILE, \(configurationFile) and \(credentialsFile).")
            }
            return .absent("\(why) in \(configurationFile) and \(credentialsFile)")
        case let plan:
            return .found(try await credentials(plan, of: profile))
        }
    }

    private func credentials(_ plan: ProfilePlan, of profile: String) async throws -> AWSCredentials {
        switch plan {
        case .keys(let id, let secret, let token):
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiresAt: nil, source: "the AWS profile “\(profile)”")
        case .assume(let role, let origin):
            let caller = try await credentials(origin, of: profile)
            return try await service.assume(role, as: caller, source: "the role \(role.arn) of the AWS profile “\(profile)”")
        case .webIdentity(let role, let file):
            return try await WebIdentityCredentials.credentials(role, file, "web_identity_token_file of “\(profile)”", service)
        case .source(let place): return try await credentials(from: place, of: profile)
        case .none(let why): throw CredentialRefusal(why)
        }
    }

    private func credentials(from place: String, of profile: String) async throws -> AWSCredentials {
        let link: any AWSCredentialLink
        switch place {
        case "Environment": link = EnvironmentCredentials(environment: environment)
        case "EcsContainer": link = ContainerCredentials(environment: environment, endpoints: service.endpoints)
        case "Ec2InstanceMetadata": link = InstanceCredentials(environment: environment, endpoints: service.endpoints)
        default:
            throw CredentialRefusal(
                "credential_source of the AWS profile “\(profile)” is “\(place)”",
                hint: "It has to be Environment, EcsContainer or Ec2InstanceMetadata.")
        }
        switch try await link.find() {
        case .found(let credentials): return credentials
        case .absent(let why): throw CredentialRefusal("credential_source of the AWS profile “\(profile)” is \(place), and \(why)")
        }
    }

    private func read() async throws -> SharedProfiles {
        SharedProfiles(
            configuration: try await SecretFile.text(configurationFile).map { SharedFile($0) } ?? SharedFile(),
            credentials: try await SecretFile.text(credentialsFile).map { SharedFile($0) } ?? SharedFile())
    }

    private var configurationFile: String { file("AWS_CONFIG_FILE", standard: ".aws/config") }
    private var credentialsFile: String { file("AWS_SHARED_CREDENTIALS_FILE", standard: ".aws/credentials") }

    private func file(_ variable: String, standard: String) -> String {
        guard let named = environment[variable], !named.isEmpty else { return "\(home)/\(standard)" }
        return named.hasPrefix("~/") ? home + named.dropFirst() : named
    }
}
