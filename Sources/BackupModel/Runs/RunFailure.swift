/// An error as it is kept and shown: no cause chain, no types, no secrets.
package struct RunFailure: Sendable, Equatable, Codable {
    package var code: BackupError.Code
    package var message: String
    package var hint: String?
    package var others: [String]
    /// Nil where nobody could tell, and in records of versions before.
    package var kind: FailureKind?

    package init(code: BackupError.Code, message: String, hint: String? = nil, others: [String] = [], kind: FailureKind? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.others = others
        self.kind = kind
    }

    package init(_ error: BackupError) {
        self.init(code: error.code, message: "\(error)", hint: error.hint, others: error.others, kind: FailureKind(error))
    }
}
