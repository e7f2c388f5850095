package import BackupModel

/// What signs a request to AWS.
package struct AWSCredentials: Sendable, Equatable {
    package var accessKeyID: String
    package var secretAccessKey: Secret
    /// Only temporary credentials have one.
    package var sessionToken: Secret?
    /// Nil: they hold until somebody revokes them.
    package var expiresAt: Instant?
    /// Where they came from, to stand in a message: “the environment (AWS_ACCESS_KEY_ID)”, “profile backup in ~/.aws/credentials”.
    package var source: String

    package init(accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiresAt: Instant? = nil, source: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
        self.source = source
    }
}

/// Gives credentials, fresh ones when the old are about to expire. Asked before every request, so it keeps what it has.
package protocol AWSCredentialSource: Sendable {
    /// - Throws: `BackupError` when there are none, saying where they were looked for; its message has the word “credentials”.
    func credentials() async throws -> AWSCredentials

    /// A server said the last ones have expired: the next call is to get new ones.
    func invalidate() async
}

/// Credentials that are known and do not change.
package struct StaticAWSCredentials: AWSCredentialSource {
    private let known: AWSCredentials

    package init(_ credentials: AWSCredentials) { known = credentials }

    package func credentials() async throws -> AWSCredentials { known }

    package func invalidate() async {}
}
