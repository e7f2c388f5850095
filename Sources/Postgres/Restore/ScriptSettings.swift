/// The settings a script has made in its session so far; statements that run on other connections need the same ones.
struct ScriptSettings: Sendable, Equatable {
    private var statements: [String: [UInt8]] = [:]

    /// Takes a `SET`; who the session acts for is left out, it holds for the rights that follow it in the script and nothing else.
    mutating func apply(_ statement: [UInt8]) {
        guard let name = Self.name(in: statement) else { return }
        statements[name] = statement
    }

    /// What has to be run on a connection that has `other`.
    func statements(beyond other: ScriptSettings) -> [[UInt8]] {
        statements.filter { other.statements[$0.key] != $0.value }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Whether a statement is one of those `apply` remembers.
    static func tracks(_ statement: [UInt8]) -> Bool { name(in: statement) != nil }

    private static func name(in statement: [UInt8]) -> String? {
        var reader = TokenReader(SQLTokens(statement))
        if reader.pass("set") {
            let parts = reader.nameParts() ?? []
            return parts == ["session"] || parts == ["role"] ? nil : parts.joined(separator: ".")
        }
        guard reader.pass("select"), reader.nameParts() == ["pg_catalog", "set_config"] else { return nil }
        reader.advance()
        if case .literal(let name)? = reader.current { return name }
        return nil
    }
}
