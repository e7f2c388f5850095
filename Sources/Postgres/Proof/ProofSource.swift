import BackupModel
package import DumpFormat

/// The two sides of a comparison: the script in the backup's file, and what pg_dump writes of the database restored from it.
package struct ProofSource: Sendable {
    let reader: DumpReader
    let request: DumpRequest

    /// - Parameters:
    ///   - target: the restored database.
    ///   - programs: a folder to look for pg_dump in before the usual ones (`PG_BIN_DIR`).
    ///   - path: `PATH`, to look in last.
    package init(
        reader: DumpReader, target: ConnectionTarget, programs: String?, path: String?, stallLimit: Duration = .seconds(900)
    ) {
        self.reader = reader
        request = DumpRequest(
            target: target, jobs: 1, stallLimit: stallLimit, programFolder: programs, searchPath: path, tool: "", timestamp: { "" })
    }

    /// Hands over the pieces of one part of the file's script, as they are read.
    func readFile(_ kind: DumpIndex.ScriptPart.Kind, _ take: (ScriptPiece) throws -> Void) async throws {
        guard let part = reader.index.part(kind) else { return }
        var lexer = StatementLexer()
        do {
            let cursor = reader.cursor(over: part)
            while let member = try await cursor.next() {
                lexer.append(member.text.withUnsafeBytes { Array($0) })
                while let piece = try lexer.next() { try take(piece) }
            }
            lexer.finish()
            while let piece = try lexer.next() { try take(piece) }
        } catch let error where error is DumpFormatError || error is ScriptError {
            throw BackupError(
                .verificationFailed, "the \(kind.rawValue) script of the backup is damaged",
                hint: "db verify-backup --level content names every damaged place.", cause: error)
        }
    }

    /// Hands over the pieces of what pg_dump writes of the restored database, as it writes them.
    func readDatabase(
        _ kinds: [DumpIndex.ScriptPart.Kind], by programs: ClientPrograms, _ take: (ScriptPiece) throws -> Void
    ) async throws {
        try await Snapshot.hold(for: request) { snapshot in
            var lexer = StatementLexer()
            let exclusion = try TableExclusion(of: snapshot.catalog.covered, release: programs.major)
            let dump = SectionDump(request: request, programs: programs, snapshot: snapshot, exclusion: exclusion)
            try await dump.read(kinds) { text in
                lexer.append(text)
                while let piece = try lexer.next() { try take(piece) }
            }
            lexer.finish()
            while let piece = try lexer.next() { try take(piece) }
        }
    }

    /// The release of pg_dump that wrote the file's script, as its first lines say.
    func writer() async throws -> Int? {
        var major: Int?
        guard let part = reader.index.part(.preData), let member = try await reader.cursor(over: part).next() else { return nil }
        let head = member.text.withUnsafeBytes { String(decoding: $0.prefix(4096), as: UTF8.self) }
        if let match = head.firstMatch(of: /-- Dumped by pg_dump version (\d+)/) { major = Int(match.1) }
        return major
    }

    /// The programs that wrote the file's script, where they are installed: another release may write the same thing differently.
    func programs() async throws -> ClientPrograms {
        let server = reader.index.source.serverVersionNumber
        let (preferred, path) = (request.programFolder, request.searchPath)
        guard let wanted = try await writer(), wanted * 10000 >= server / 10000 * 10000 else {
            return try await ClientPrograms.find(forServer: server, preferred: preferred, path: path)
        }
        for folder in [preferred, nil] {
            let found = try? await ClientPrograms.find(forServer: wanted * 10000, preferred: folder, path: path)
            if let found, found.major == wanted { return found }
        }
        return try await ClientPrograms.find(forServer: server, preferred: preferred, path: path)
    }
}
