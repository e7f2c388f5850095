/// What a script makes, by the headers pg_dump writes above it. Owners and rights are things of their own: they are compared by who has them.
struct DefinitionName: Sendable, Hashable {
    var type: String
    var schema: String?
    var name: String
    /// The role in `ALTER … OWNER TO`, or a whole GRANT or REVOKE statement.
    var aspect: String?

    /// Of these the server stores the words themselves, so that different words are different things. Expressions it stores as trees, and
    /// what it writes from those does not always read back as the same words.
    var isLiteral: Bool { Self.literalTypes.contains(type) }

    /// What is in every database: who has made `plpgsql` anew has it in the script, and a restored database has its own.
    var isInEveryDatabase: Bool { name == "plpgsql" && type == "EXTENSION" || name == "EXTENSION plpgsql" && type == "COMMENT" }

    /// What nobody asked for and is there all the same: an extension brings its comment, and no script says that it was taken away.
    var comesByItself: Bool { isInEveryDatabase || type == "COMMENT" && name.hasPrefix("EXTENSION ") }

    private static let literalTypes: Set = [
        "COMMENT", "SECURITY LABEL", "FK CONSTRAINT", "SEQUENCE", "SEQUENCE OWNED BY", "SCHEMA", "EXTENSION", "INDEX ATTACH",
        "TABLE ATTACH",
    ]
}

extension DefinitionName: CustomStringConvertible {
    var description: String {
        let object = "\(type) " + (schema.map { $0 + "." } ?? "") + name
        return aspect.map { "\($0) (\(object))" } ?? object
    }
}

extension DefinitionName: Comparable {
    static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
