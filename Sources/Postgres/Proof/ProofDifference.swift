/// One thing in a restored database that is not as its backup says.
package struct ProofDifference: Sendable, Equatable, Codable {
    /// What it is about: `table public.calls`, `INDEX public.calls_at_idx`, `large object 16400`.
    package var subject: String
    package var expected: String
    package var found: String

    package init(subject: String, expected: String, found: String) {
        self.subject = subject
        self.expected = expected
        self.found = found
    }

    static func missing(_ subject: String) -> Self { Self(subject: subject, expected: "there", found: "missing") }

    static func additional(_ subject: String) -> Self { Self(subject: subject, expected: "not there", found: "there") }
}

extension ProofDifference: CustomStringConvertible {
    package var description: String { "\(subject): expected \(expected), found \(found)" }
}
