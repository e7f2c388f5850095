import SystemPackage

/// A message as a program that is not ours reads it (Python's `email`).
package struct Letter: Sendable, Equatable {
    /// The envelope's, separated by spaces.
    package let readers: String
    package let subject: String
    /// What it belongs to.
    package let thread: String
    package let id: String
    package let text: String
}

extension MailServer {
    /// Every message it took, in the order it took them.
    package func letters() async throws -> [Letter] {
        let output = try await Command("/usr/bin/python3", ["-c", Self.reader, folder.appending("mail").string]).output()
        return output.split(separator: "\u{1}").map { letter in
            let parts = letter.split(separator: "\u{2}", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
            return Letter(readers: parts[0], subject: parts[1], thread: parts[2], id: parts[3], text: parts[4])
        }
    }

    private static let reader = """
        import email, email.policy, pathlib, sys
        for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
            envelope, _, content = path.read_bytes().partition(bytes([10]))
            letter = email.message_from_bytes(content, policy=email.policy.default)
            readers = envelope.decode().split(" -> ")[1].split(" tls=")[0]
            fields = [readers, letter["subject"], letter["references"], letter["message-id"], letter.get_content()]
            print("\\x02".join(fields), end="\\x01")
        """
}
