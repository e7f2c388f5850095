import BackupModel
import DumpFormat

/// A plain script, through psql.
///
/// A script can do whatever its role may, in any database: it is split into statements first, and what reaches out of the database
/// it is restored into is refused. psql's own commands never get to psql, which could run programs and open other databases.
struct PlainScriptRestore: Sendable {
    let dump: ForeignDump
    let options: RestoreOptions
    let progress: ProgressSink

    func run(on target: ConnectionTarget, _ programs: ClientPrograms) async throws {
        let feed = ProgramFeed(
            "psql", of: programs, arguments: ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--file=-"],
            target: target)
        try await feed.run { write in
            var lexer = StatementLexer()
            if let role = options.ownership.role { try await write(Array("SET ROLE \(SQL.identifier(role));\n".utf8)) }
            do {
                try await dump.forEachPiece { text in
                    lexer.append(text)
                    try await write(try Self.admitted(&lexer))
                    progress(.advanced(bytes: Int64(text.count), rows: 0, items: 0, item: nil))
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
        BackupError(
            .invalidUsage, "the file is not a script that can be restored by itself",
            hint: "Run it by hand with psql if it is meant to hold that.", cause: error)
    }
}
