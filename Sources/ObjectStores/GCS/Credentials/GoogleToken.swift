package import BackupModel

/// What authorizes a request to Google: an access token, good for an hour or less.
package struct GoogleToken: Expiring, Equatable {
    package var token: Secret
    package var expiresAt: Instant?
    /// Where it came from, to stand in a message: "the service account backup@project.iam.gserviceaccount.com".
    package var source: String
    /// The project that is charged for requests, where the credentials name one.
    package var quotaProject: String?

    package init(token: Secret, expiresAt: Instant?, source: String, quotaProject: String? = nil) {
        self.token = token
        self.expiresAt = expiresAt
        self.source = source
        self.quotaProject = quotaProject
    }
}

/// Gives tokens, fresh ones before the old expire. Asked before every request, so it keeps what it has.
package protocol GoogleCredentialSource: Sendable {
    /// Nil where none is needed: an emulator.
    /// - Throws: `.storeFailed` with the word "credential", naming the place and what is wrong there.
    func token() async throws -> GoogleToken?

    /// A server refused the last one: the next call is to get a new one.
    func invalidate() async

    /// The place credentials come from, to stand in a message.
    func place() async -> String
}

/// For emulators, which check nothing.
package struct NoGoogleCredentials: GoogleCredentialSource {
    package init() {}

    package func token() async throws -> GoogleToken? { nil }

    package func invalidate() async {}

    package func place() async -> String { "nobody (STORAGE_EMULATOR_HOST is set)" }
}
