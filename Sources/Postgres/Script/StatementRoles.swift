/// The roles a statement of pg_dump's names, and whether it is about ownership or rights.
package struct StatementRoles: Sendable, Equatable {
    package enum Aspect: Sendable, Equatable {
        case owner
        case privileges
        /// Policies and user mappings: they need the role whatever is skipped.
        case other
    }

    package var aspect: Aspect
    package var roles: [String]

    /// Nil for a statement that names no role.
    package init?(of statement: [UInt8]) {
        var reader = TokenReader(SQLTokens(statement))
        guard case .word(let verb)? = reader.current else { return nil }
        reader.advance()
        switch verb {
        case "alter": self.init(altered: &reader)
        case "grant": self.init(granted: &reader, by: "to")
        case "revoke": self.init(granted: &reader, by: "from")
        case "create": self.init(created: &reader)
        case "set", "reset":
            guard reader.pass("session", "authorization") else { return nil }
            self.init(.privileges, reader.roleList())
        default: return nil
        }
    }

    private init(_ aspect: Aspect, _ roles: [String]) {
        self.aspect = aspect
        self.roles = roles.filter { !Self.notRoles.contains($0) }
    }

    private static let notRoles: Set<String> = ["public", "current_user", "session_user", "current_role", "default"]

    private init?(altered reader: inout TokenReader) {
        if reader.pass("default", "privileges") {
            self.init(defaultPrivileges: &reader)
            return
        }
        while reader.skip(through: "owner") {
            guard reader.pass("to") else { continue }
            self.init(.owner, reader.roleList())
            return
        }
        return nil
    }

    private init(defaultPrivileges reader: inout TokenReader) {
        var roles: [String] = []
        if reader.pass("for") {
            reader.advance()
            roles = reader.roleList()
        }
        while let token = reader.current {
            reader.advance()
            if token == .word("to") || token == .word("from") { roles += reader.roleList() }
        }
        self.init(.privileges, roles)
    }

    private init?(granted reader: inout TokenReader, by preposition: String) {
        guard reader.skip(through: "on"), reader.skip(through: preposition) else { return nil }
        self.init(.privileges, reader.roleList())
    }

    private init?(created reader: inout TokenReader) {
        if reader.pass("policy") {
            guard reader.skip(through: "to") else { return nil }
            self.init(.other, reader.roleList())
        } else if reader.pass("user", "mapping", "for") {
            self.init(.other, reader.roleList())
        } else {
            return nil
        }
    }
}

extension TokenReader {
    /// Names separated by commas.
    fileprivate mutating func roleList() -> [String] {
        var roles: [String] = []
        while true {
            if isAt("group") { advance() }
            if case .literal(let role)? = current {
                roles.append(role)
                advance()
            } else if let role = name() {
                roles.append(role)
            }
            guard current == .symbol(SQLByte.comma) else { return roles }
            advance()
        }
    }
}
