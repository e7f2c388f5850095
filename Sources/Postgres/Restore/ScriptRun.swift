import BackupModel
import DumpFormat

/// Runs statements of a dump's script on one connection, in order.
struct ScriptRun: Sendable {
    let connection: PostgresConnection
    let filter: StatementFilter

    func run(_ statement: ScriptStatement) async throws {
        guard filter.keeps(statement) else { return }
        do {
            guard statement.hasRows else {
                try await connection.execute(statement.text)
                return
            }
            try await connection.beginCopyIn(statement.text)
            try await connection.sendCopyData(statement.rows)
            _ = try await connection.endCopyIn()
        } catch {
            throw RestoreFailure(while: "running \(statement.object): \(statement.summary)", error).error
        }
    }

    /// Runs a statement of the script out of its order, under the settings the script had made for it.
    /// - Parameter current: what is set on the connection.
    func run(_ statement: ScriptStatement, current: inout ScriptSettings) async throws {
        for setting in statement.settings.statements(beyond: current) where filter.keeps(setting: setting) {
            try await connection.execute(setting)
        }
        current = statement.settings
        try await run(statement)
    }

    enum Decision: Sendable { case run, pass, stop }

    /// Runs a part while it is read, however long it is.
    /// - Returns: whether it was stopped before its end.
    @discardableResult
    func run(
        _ part: DumpIndex.ScriptPart, of reader: DumpReader, settings: ScriptSettings,
        deciding decide: (ScriptStatement) -> Decision
    ) async throws -> Bool {
        var statements = ScriptStatements(entries: part.entries, settings: settings)
        let cursor = reader.cursor(over: part)
        do {
            while let member = try await cursor.next() {
                statements.append(member.text.withUnsafeBytes { Array($0) })
                if try await drain(&statements, decide) { return true }
            }
            statements.finish()
            return try await drain(&statements, decide)
        } catch {
            if error is BackupError { throw error }
            throw RestoreFailure(while: "reading the \(part.kind.rawValue) script", error).error
        }
    }

    private func drain(_ statements: inout ScriptStatements, _ decide: (ScriptStatement) -> Decision) async throws -> Bool {
        while let statement = try statements.next() {
            switch decide(statement) {
            case .run: try await run(statement)
            case .pass: break
            case .stop: return true
            }
        }
        return false
    }
}
