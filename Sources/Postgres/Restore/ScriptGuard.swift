import BackupModel

/// Keeps psql from running commands of its own out of a script, also where it would see quotes end elsewhere than `StatementLexer` does.
struct ScriptGuard: Sendable {
    private let knowsRestrict: Bool

    /// Asks psql for its release.
    init(_ programs: ClientPrograms) async {
        let release = await programs.release(of: "psql")
        knowsRestrict = release.map { RestrictCommand.isKnown(major: $0.major, minor: $0.minor) } ?? false
    }

    /// What psql does before it reads the script. The word that would lift the restriction is a random one.
    var arguments: [String] {
        let conforming = ["--command=SET standard_conforming_strings = on"]
        guard knowsRestrict else { return conforming }
        let word = (0..<4).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
        return conforming + ["--command=\\restrict \(word)"]
    }

    /// - Throws: `BackupError` with `.invalidUsage` for a statement after which backslashes end strings elsewhere.
    static func check(_ statement: ScriptPiece) throws {
        guard mentionsSetting(statement.bytes), !isHarmless(statement.bytes) else { return }
        throw BackupError(
            .invalidUsage, "the script changes \(setting), by which its strings would be read otherwise (at byte \(statement.offset))",
            hint: "Take the dump again with pg_dump from a database where it is on, or run a script that you trust by hand with psql.")
    }

    private static let setting = "standard_conforming_strings"

    private static func mentionsSetting(_ statement: [UInt8]) -> Bool {
        // Statements may be long, and few bytes of them are this one.
        var rest = statement[...]
        while let start = rest.firstIndex(where: { SQLByte.lowercase($0) == UInt8(ascii: "s") }) {
            rest = rest[start...]
            if rest.prefix(setting.utf8.count).lazy.map(SQLByte.lowercase).elementsEqual(setting.utf8) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    /// It is set to on, or it is spoken of and not set.
    private static func isHarmless(_ statement: [UInt8]) -> Bool {
        var reader = TokenReader(SQLTokens(statement))
        guard reader.pass("set") else { return !runsSomething(statement) }
        reader.skip(anyOf: ["session", "local"])
        guard reader.name() == setting else { return false }
        if reader.current == .symbol(UInt8(ascii: "=")) || reader.isAt("to") { reader.advance() }
        let isOn = reader.isAt("on") || reader.current == .literal("on")
        reader.advance()
        return isOn && (reader.isAtEnd || reader.current == .symbol(SQLByte.semicolon))
    }

    /// Rows, comments and definitions may well hold the word.
    private static func runsSomething(_ statement: [UInt8]) -> Bool {
        var tokens = SQLTokens(statement)
        guard case .word(let verb)? = tokens.next() else { return true }
        let definitions: Set = ["create", "alter", "comment", "insert", "copy", "grant", "revoke", "security"]
        return !definitions.contains(verb) || tokens.contains(.word("set_config")) || tokens.contains(.quotedName("set_config"))
    }
}

extension BackupError {
    /// A script that tells psql what to do is not meant for one new database.
    static func metaCommands(cause: any Error) -> BackupError {
        BackupError(
            .invalidUsage, "the file is not a script that can be restored by itself",
            hint: "Run it by hand with psql if it is meant to hold that.", cause: cause)
    }
}
