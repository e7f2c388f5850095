import BackupModel
import DumpFormat
import Subprocess

extension ForeignDump {
    /// Hands over every statement of a script, or of the definitions in an archive, which pg_restore writes.
    /// - Throws: `BackupError` with `.verificationFailed` when the file is no such dump after all.
    func forEachStatement(by programs: ClientPrograms, _ take: ([UInt8]) -> Void) async throws {
        var lexer = StatementLexer()
        do {
            switch form {
            case .script:
                try await forEachPiece { text, _ in
                    lexer.append(text)
                    try Self.drain(&lexer, take)
                }
            case .archive:
                try await writeDefinitions(by: programs) { text in
                    lexer.append(text)
                    try Self.drain(&lexer, take)
                }
            }
            lexer.finish()
            try Self.drain(&lexer, take)
        } catch let error where error is ScriptError || error is DumpFormatError {
            throw BackupError(.verificationFailed, "the statements of the file cannot be read", cause: error)
        }
    }

    private static func drain(_ lexer: inout StatementLexer, _ take: ([UInt8]) -> Void) throws {
        while let piece = try lexer.next() {
            if piece.kind == .statement { take(piece.bytes) }
        }
    }

    private func writeDefinitions(by programs: ClientPrograms, _ take: ([UInt8]) throws -> Void) async throws {
        guard let path else { return }
        let result = try await run(
            programs.executable("pg_restore"), arguments: ["--schema-only", "--file=-", path], input: .none, output: .sequence,
            error: .string(limit: 1 << 20)
        ) { execution in
            for try await chunk in execution.standardOutput { try take(chunk.withUnsafeBytes { Array($0) }) }
        }
        guard result.terminationStatus.isSuccess else {
            throw BackupError(.verificationFailed, "pg_restore cannot read the archive: \(result.standardError.prefix(500))")
        }
    }
}
