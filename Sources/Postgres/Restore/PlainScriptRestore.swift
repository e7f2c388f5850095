import BackupModel
import DumpFormat

/// A plain script, through psql.
///
/// Restoring a script runs it, with the rights of the role that restores; a script of somebody one does not trust is not made harmless
/// here. It is split into statements first, and two kinds are refused, as they show that the script is not meant for one new database:
/// psql's own commands (`\connect`, `\!` …), and CREATE, DROP and ALTER of databases, roles, tablespaces and the system. What else
/// a role may do runs as psql would run it: GRANT of a role, `COPY … TO PROGRAM`, whatever stands in a DO block or a function.
struct PlainScriptRestore: Sendable {
    let dump: ForeignDump
    let options: RestoreOptions
    let surroundings: ProgramSurroundings
    let progress: ProgressSink

    func run(on target: ConnectionTarget, _ programs: ClientPrograms) async throws {
        let arguments = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=terse"]
        let guards = await ScriptGuard(programs).arguments
        let feed = ProgramFeed(
            "psql", of: programs, arguments: arguments + guards + ["--file=-"], target: target, surroundings: surroundings)
        try await feed.run { write in
            var lexer = StatementLexer()
            if let role = options.ownership.role { try await write(Array("SET ROLE \(SQL.identifier(role));\n".utf8)) }
            do {
                try await dump.forEachPiece { text, read in
                    lexer.append(text)
                    try await write(try Self.admitted(&lexer))
                    progress(.advanced(bytes: read, rows: 0, items: 0, item: nil))
                }
                lexer.finish()
                try await write(try Self.admitted(&lexer))
            } catch let error as ScriptError {
                throw refusal(error)
            } catch let error as DumpFormatError {
                throw RestoreFailure(while: "expanding the file", error).error
            }
        }
    }

    static func admitted(_ lexer: inout StatementLexer) throws -> [UInt8] {
        var text: [UInt8] = []
        while let piece = try lexer.next() {
            if piece.isRestriction { continue }
            if piece.kind == .metaCommand { throw ScriptError(problem: .metaCommand, offset: piece.offset) }
            if piece.kind == .statement { try ScriptGuard.check(piece) }
            if piece.kind == .statement, let verb = reach(of: piece.bytes) {
                throw BackupError(
                    .invalidUsage, "the script reaches out of its database: \(verb) (at byte \(piece.offset))",
                    hint: "Dumps of pg_dumpall and of pg_dump --create are meant for an empty server: run them there by hand with psql.")
            }
            text += piece.bytes
        }
        return text
    }

    private static func reach(of statement: [UInt8]) -> String? {
        var reader = TokenReader(SQLTokens(statement))
        for verb in ["create", "drop", "alter"] where reader.isAt(verb) {
            reader.advance()
            for object in ["database", "role", "user", "group", "tablespace", "system"] where reader.isAt(object) {
                reader.advance()
                // CREATE USER MAPPING is of the database.
                return reader.isAt("mapping") ? nil : "\(verb) \(object)".uppercased()
            }
        }
        return nil
    }

    private func refusal(_ error: ScriptError) -> BackupError {
        .metaCommands(cause: error)
    }
}
