/// Which statements of a script are left out on the operator's wish.
struct StatementFilter: Sendable {
    var ownership: RestoreOptions.Ownership

    func keeps(_ statement: ScriptStatement) -> Bool {
        if statement.subject.kind == .session, !keeps(setting: statement.text) { return false }
        return keeps(aspect: StatementRoles(of: statement.text)?.aspect)
    }

    func keeps(aspect: StatementRoles.Aspect?) -> Bool {
        switch aspect {
        case .owner: return !ownership.skipsOwners
        case .privileges: return !ownership.skipsPrivileges
        case .other, nil: return true
        }
    }

    func keeps(setting: [UInt8]) -> Bool { !ownership.skipsTablespaces || Self.tablespace(in: setting) == nil }

    /// The roles that must exist for the statements that are kept.
    func roles(of statements: [ScriptStatement]) -> Set<String> {
        Set(statements.filter(keeps).flatMap { StatementRoles(of: $0.text)?.roles ?? [] })
    }

    /// The tablespaces that must exist for the statements that are kept.
    func tablespaces(of statements: [ScriptStatement]) -> Set<String> {
        Set(statements.filter { $0.subject.kind == .session && keeps($0) }.compactMap { Self.tablespace(in: $0.text) })
    }

    /// The one a `SET default_tablespace` names; pg_dump places objects by nothing else.
    static func tablespace(in setting: [UInt8]) -> String? {
        var reader = TokenReader(SQLTokens(setting))
        guard reader.pass("set", "default_tablespace") else { return nil }
        reader.advance()
        if case .literal(let name)? = reader.current { return name.isEmpty ? nil : name }
        return reader.name()
    }
}
