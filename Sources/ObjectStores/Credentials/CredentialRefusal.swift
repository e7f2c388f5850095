/// Why a source that is there gives no credentials; becomes a `BackupError` that names the source.
struct CredentialRefusal: Error {
    var why: String
    var hint: String?

    init(_ why: String, hint: String? = nil) {
        self.why = why
        self.hint = hint
    }
}
