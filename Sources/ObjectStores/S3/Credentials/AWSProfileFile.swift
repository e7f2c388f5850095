/// What others need to know of a file of profiles, `~/.aws/config` or `~/.aws/credentials`.
package enum AWSProfileFile {
    /// Whether secrets stand in it.
    package static func holdsKeys(_ text: String) -> Bool {
        SharedFile(text).sections.values.contains { properties in
            ["aws_secret_access_key", "aws_session_token"].contains { properties[$0]?.isEmpty == false }
        }
    }
}
