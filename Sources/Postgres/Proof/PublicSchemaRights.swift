/// The rights on the schema `public` after a script of pg_dump before 15.
///
/// A new database of those releases has the schema with rights of its own, and pg_dump says how the database's differ from what it takes for
/// these: who has made the schema anew, or given it away, has statements in the script that change nothing in a restored database.
struct PublicSchemaRights: Equatable {
    /// By role; a grant option counts as a right.
    private var rights: [String: Set<String>] = ["public": ["usage", "create"]]

    static func isAbout(_ name: DefinitionName) -> Bool { name.type == "ACL" && name.name == "SCHEMA public" }

    /// - Parameters:
    ///   - names: of everything a script makes.
    ///   - writer: the release of pg_dump that wrote it.
    /// Nil for releases from 15 on: what they write does not depend on how the schema came to be.
    init?(_ names: some Sequence<DefinitionName>, writer: Int?) {
        guard let writer, writer < 15 else { return nil }
        let statements = names.filter(Self.isAbout).compactMap(\.aspect)
        for statement in statements where statement.hasPrefix("REVOKE ") { take(statement) }
        for statement in statements where statement.hasPrefix("GRANT ") { take(statement) }
        rights = rights.filter { !$0.value.isEmpty }
    }

    private mutating func take(_ statement: String) {
        let text = Array(statement.utf8)
        let named = StatementRoles(of: text)?.roles ?? []
        for role in named.isEmpty ? ["public"] : named {
            if statement.hasPrefix("REVOKE ") {
                rights[role, default: []].subtract(Self.rights(in: text))
            } else {
                rights[role, default: []].formUnion(Self.rights(in: text))
                if statement.hasSuffix("WITH GRANT OPTION;") { rights[role, default: []].insert("grant option") }
            }
        }
    }

    private static func rights(in statement: [UInt8]) -> Set<String> {
        var tokens = SQLTokens(statement)
        var rights: Set<String> = []
        while let token = tokens.next(), token != .word("on") {
            if case .word(let word) = token { rights.formUnion(word == "all" ? ["usage", "create"] : [word]) }
        }
        return rights.subtracting(["grant", "revoke"])
    }
}
