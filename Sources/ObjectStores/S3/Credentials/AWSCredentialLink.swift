import BackupModel

/// One place AWS credentials may come from; the chain asks one after the other.
protocol AWSCredentialLink: Sendable {
    /// For messages: "the environment".
    var name: String { get }

    /// - Throws: what is wrong with a place that is set up and gives nothing; the chain ends there, as going on would use other rights than meant.
    func find() async throws -> AWSCredentialFinding
}

enum AWSCredentialFinding: Sendable {
    case found(AWSCredentials)
    /// Nobody set this place up, and how one sees that: "AWS_ACCESS_KEY_ID is not set".
    case absent(String)
}
