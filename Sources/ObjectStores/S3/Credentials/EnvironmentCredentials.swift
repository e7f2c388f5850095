import BackupModel

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN.
struct EnvironmentCredentials: AWSCredentialLink {
    let environment: [String: String]
    /// Where they really stand: a file of settings may stand in the environment's place.
    var name = "the environment"

    func find() throws -> AWSCredentialFinding {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (let id?, let secret?):
            let token = value("AWS_SESSION_TOKEN").map { Secret($0) }
            return .found(
                AWSCredentials(
                    accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token, expiresAt: nil,
                    source: "AWS_ACCESS_KEY_ID in \(name)"))
        case (nil, nil): return .absent("AWS_ACCESS_KEY_ID is not set")
        case (_?, nil): throw CredentialRefusal("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY", hint: Self.hint)
        case (nil, _?): throw CredentialRefusal("AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID", hint: Self.hint)
        }
    }

    private static let hint = "Set both, or neither where the credentials are to come from elsewhere."
}
