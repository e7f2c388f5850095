import BackupModel

/// The vendor's own program for a bucket, called so that it reaches the bucket of the settings from this machine. No secret ever stands in a command:
/// an access key that a file of settings has is read from there by the shell.
package struct BucketProgram: Sendable, Equatable {
    /// `http://` or `https://` and host of a server that is not the vendor's.
    package var endpoint: String?
    package var region: String?
    /// A PEM file of certificate authorities.
    package var authorities: String?
    package var profile: String?
    /// A file of lines `AWS_…=…` that has the access key.
    package var keyFile: String?
    /// The key file of a service account of Google's.
    package var account: String?
    /// The project of Google's that the account is of.
    package var project: String?

    package init(endpoint: String? = nil, region: String? = nil, keyFile: String? = nil, account: String? = nil, project: String? = nil) {
        self.endpoint = endpoint
        self.region = region
        self.keyFile = keyFile
        self.account = account
        self.project = project
    }
}

extension BucketProgram {
    /// - Parameter words: quoted where they need it.
    func aws(_ words: String) -> String {
        let options = [("--endpoint-url", endpoint), ("--region", region), ("--ca-bundle", authorities), ("--profile", profile)]
        let given = options.compactMap { name, value in value.map { "\(name) \(Shell.quoted($0))" } }
        let command = (["aws"] + given + [words]).joined(separator: " ")
        return keyFile.map { "(set -a; eval \"$(grep -E '^(export )?AWS_' \(Shell.quoted($0)))\"; \(command))" } ?? command
    }

    /// The program does not look where Google's libraries do, and is told by variables of its own (`gcloud topic configurations`).
    func gcloud(_ words: String) -> String {
        let variables = [
            ("CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", account), ("CLOUDSDK_CORE_PROJECT", project),
            ("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", endpoint.map { $0 + "/storage/v1/" }),
            ("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", endpoint == nil ? nil : "true"),
        ]
        let given = variables.compactMap { name, value in value.map { "\(name)=\(Shell.quoted($0))" } }
        return (given + ["gcloud", words]).joined(separator: " ")
    }
}
