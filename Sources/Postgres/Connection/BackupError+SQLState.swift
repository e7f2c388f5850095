package import BackupModel

extension BackupError {
    /// The server's code (PostgreSQL documentation, "Error Codes") at the bottom of the chain of causes; nil when the server said nothing.
    package var sqlState: String? {
        var cause: (any Error)? = self
        while let error = cause as? BackupError { cause = error.cause }
        return (cause as? PostgresError)?.sqlState
    }
}
