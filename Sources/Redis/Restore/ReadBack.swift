import BackupModel
import RDBFormat

/// Takes a copy of what a server holds after a restore, as a backup would, and says what is in it.
struct ReadBack: Sendable {
    let endpoint: RedisEndpoint
    let settings: RestoreSettings

    /// - Parameter selection: made once the server has settled which instant the copy is of.
    func survey(_ selection: () async throws -> RDBSelection?) async throws -> RDBSummary {
        try await RedisConnection.with(endpoint, limits: settings.connection) { connection in
            var stream = try await CopyStream.begin(over: connection, limits: settings.replication, now: settings.now)
            return try await survey(&stream, try await selection())
        }
    }

    private func survey(_ stream: inout CopyStream, _ selection: RDBSelection?) async throws -> RDBSummary {
        var survey = RDBSurvey(selection: selection)
        do {
            while let piece = try await stream.next() {
                try piece.withUnsafeBytes { try survey.read($0) }
                settings.progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: nil))
            }
            return try survey.finish()
        } catch let error as RDBFormatError {
            throw BackupError(
                .verificationFailed, "the copy taken of \(endpoint) after the restore cannot be read: \(error)",
                hint: "Take a backup of it to see whether that is so again.", cause: error)
        }
    }
}
