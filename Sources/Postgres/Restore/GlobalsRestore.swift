import BackupModel

/// Runs the script of a server's roles and tablespaces on another, fresh server.
///
/// It goes on after a refusal: a role's setting that the new server does not know keeps no database from being restored.
package struct GlobalsRestore: Sendable {
    /// A statement the server refused.
    package struct Refused: Sendable, Equatable, CustomStringConvertible {
        /// Up to its first literal: passwords are literals.
        package var statement: String
        /// The server's words.
        package var reason: String
        /// Whether it is a role's setting: another server may lack the locale or the library it is for, and every row comes back without it.
        package var isSetting: Bool

        package var description: String { "\(statement): \(reason)" }
    }

    private let folder: @Sendable (_ tablespace: String) async throws -> String

    /// - Parameter folder: gives each tablespace an empty folder of the server's account in place of the one it had.
    package init(folder: @escaping @Sendable (_ tablespace: String) async throws -> String) {
        self.folder = folder
    }

    /// - Parameters:
    ///   - script: as `pg_dumpall --globals-only` writes it.
    ///   - connection: a superuser's session.
    /// - Returns: what was refused, in order. Roles that are there already are none of it.
    /// - Throws: `BackupError` when the script cannot be read or the connection breaks; what `folder` throws.
    package func run(_ script: [UInt8], over connection: PostgresConnection) async throws -> [Refused] {
        var refused: [Refused] = []
        for statement in try Self.statements(in: script) {
            let text = try await relocated(statement)
            do { try await perform(text, over: connection) } catch let error as BackupError {
                guard let reason = error.cause as? PostgresError, reason.sqlState != nil else { throw error }
                refused.append(
                    Refused(
                        statement: Self.withoutLiterals(statement), reason: reason.description, isSetting: Self.setsSomething(statement)))
            }
        }
        return refused
    }

    private static func statements(in script: [UInt8]) throws -> [[UInt8]] {
        var lexer = StatementLexer()
        lexer.append(script)
        lexer.finish()
        var statements: [[UInt8]] = []
        do {
            while let piece = try lexer.next() { if piece.kind == .statement { statements.append(piece.bytes) } }
        } catch {
            throw RestoreFailure(while: "reading the script of roles and tablespaces", error).error
        }
        return statements
    }

    private func perform(_ statement: [UInt8], over connection: PostgresConnection) async throws {
        do { try await connection.execute(statement) } catch let error as BackupError {
            let state = (error.cause as? PostgresError)?.sqlState
            if state == Self.duplicateObject, Self.makesRole(statement) { return }
            // From PostgreSQL 16 on only the first superuser may grant what it was not given itself, and that one has another name here.
            guard state == Self.insufficientPrivilege || state == Self.invalidGrantOperation,
                let plain = Self.withoutGrantor(statement)
            else { throw error }
            try await connection.execute(plain)
        }
    }

    private static let duplicateObject = "42710"
    private static let insufficientPrivilege = "42501"
    private static let invalidGrantOperation = "0LP01"

    private static func makesRole(_ statement: [UInt8]) -> Bool {
        var reader = TokenReader(SQLTokens(statement))
        return reader.pass("create", "role")
    }

    /// `ALTER ROLE a SET …`, `ALTER ROLE a IN DATABASE b SET …`.
    private static func setsSomething(_ statement: [UInt8]) -> Bool {
        var reader = TokenReader(SQLTokens(statement))
        guard reader.pass("alter", "role"), reader.name() != nil else { return false }
        if reader.pass("in", "database") { _ = reader.name() }
        return reader.isAt("set")
    }

    /// `GRANT a TO b WITH … GRANTED BY c` without its end; nil for anything else.
    private static func withoutGrantor(_ statement: [UInt8]) -> [UInt8]? {
        var tokens = SQLTokens(statement)
        guard tokens.next() == .word("grant") else { return nil }
        var end: Int?
        var begin = tokens.position
        var previous: (token: SQLToken, begin: Int)?
        while let token = tokens.next() {
            if token == .word("by"), let previous, previous.token == .word("granted") { end = previous.begin }
            previous = (token, begin)
            begin = tokens.position
        }
        return end.map { Array(statement[..<$0]) }
    }

    private static func withoutLiterals(_ statement: [UInt8]) -> String {
        let visible = statement.prefix { $0 != SQLByte.quote && $0 != SQLByte.semicolon }
        return String(decoding: visible, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension GlobalsRestore {
    /// `CREATE TABLESPACE` with another folder; every other statement as it is.
    private func relocated(_ statement: [UInt8]) async throws -> [UInt8] {
        var reader = TokenReader(SQLTokens(statement))
        guard reader.pass("create", "tablespace"), let name = reader.name() else { return statement }
        let owner = reader.pass("owner") ? reader.name() : nil
        let place = SQL.literal(try await folder(name))
        return Array(
            "CREATE TABLESPACE \(SQL.identifier(name))\(owner.map { " OWNER \(SQL.identifier($0))" } ?? "") LOCATION \(place)".utf8)
    }
}
