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

/// What the file and the server say of the same keys. Pure.
struct ContentComparison {
    let file: RDBContent
    let server: RDBContent
    var comparesFunctions = true

    /// Nil when they agree. Data that modules keep outside of keys is not compared: it may say which server it is on.
    var difference: String? {
        let numbers = Set(file.databases.map(\.number) + server.databases.map(\.number)).sorted()
        let differences = numbers.compactMap(difference)
        if let first = differences.first { return first }
        guard !comparesFunctions || file.functions == server.functions else {
            return "the file holds \(file.functions.count) libraries of functions, the server \(server.functions.count) or others"
        }
        return nil
    }

    private func difference(in number: UInt64) -> String? {
        let expected = file.databases.first { $0.number == number }
        let found = server.databases.first { $0.number == number }
        guard expected?.keys == found?.keys else {
            return "database \(number) has \(found?.keys ?? 0) keys instead of \(expected?.keys ?? 0)"
        }
        guard expected?.digest == found?.digest else {
            return "database \(number) has \(found?.keys ?? 0) keys as it should, but values or expiries differ"
        }
        return nil
    }
}
