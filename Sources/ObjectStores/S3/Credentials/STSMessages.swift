import BackupModel

/// What is said to AWS's token service, by the "AWS Security Token Service API Reference" of 2011-06-15. Pure.
enum STSMessages {
    static func assumeRole(_ role: AssumedRole) -> String { form([("Action", "AssumeRole")] + fields(of: role)) }

    static func assumeRole(_ role: AssumedRole, webIdentity token: String) -> String {
        form([("Action", "AssumeRoleWithWebIdentity")] + fields(of: role) + [("WebIdentityToken", token)])
    }

    private static func fields(of role: AssumedRole) -> [(String, String)] {
        [("Version", "2011-06-15"), ("RoleArn", role.arn), ("RoleSessionName", role.session ?? "call-center-backup")]
            + (role.externalID.map { [("ExternalId", $0)] } ?? []) + (role.duration.map { [("DurationSeconds", "\($0)")] } ?? [])
    }

    private static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(URIEscape.escape($0.1))" }.joined(separator: "&")
    }

    /// - Throws: `CredentialRefusal` when no keys can be read from it.
    static func credentials(in xml: [UInt8], source: String) throws -> AWSCredentials {
        guard let answer = try? S3XML.decode(RoleAnswer.self, root: "AssumeRoleResponse", "AssumeRoleWithWebIdentityResponse", from: xml),
            let keys = (answer.assumeRoleResult ?? answer.assumeRoleWithWebIdentityResult)?.credentials
        else { throw CredentialRefusal("what the token service answered holds no credentials") }
        return AWSCredentials(
            accessKeyID: keys.accessKeyId, secretAccessKey: Secret(keys.secretAccessKey), sessionToken: Secret(keys.sessionToken),
            expiresAt: try expiry(keys.expiration), source: source)
    }

    /// What the service says is wrong: its code and message; nil where it says nothing.
    static func refusal(in xml: [UInt8]) -> (code: String, message: String)? {
        guard let answer = try? S3XML.decode(ErrorAnswer.self, root: "ErrorResponse", "Response", from: xml),
            let error = answer.error ?? answer.errors?.error
        else { return nil }
        return (error.code, error.message ?? "")
    }
}

/// Both answers hold the same under names that differ.
private struct RoleAnswer: Decodable {
    var assumeRoleResult: Result?
    var assumeRoleWithWebIdentityResult: Result?

    struct Result: Decodable { var credentials: Keys }

    struct Keys: Decodable {
        var accessKeyId: String
        var secretAccessKey: String
        var sessionToken: String
        var expiration: String
    }
}

private struct ErrorAnswer: Decodable {
    struct Content: Decodable {
        var code: String
        var message: String?
    }
    struct Several: Decodable { var error: Content? }

    var error: Content?
    /// Servers that are not AWS's wrap it once more.
    var errors: Several?
}
