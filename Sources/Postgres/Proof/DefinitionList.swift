import DumpFormat

/// Everything a script makes, each by its name with a digest of its statements: little memory however long the script is.
struct DefinitionList: Sendable {
    struct Definition: Sendable, Equatable {
        var count = 0
        /// The sum of the statements' digests; their order is the server's business.
        var digest = RowsDigest()
    }

    private(set) var definitions: [DefinitionName: Definition] = [:]
    private var current: DefinitionName?
    private var lastComment: ScriptPiece?
    /// What new relations get, as the script has set it.
    private var tablespace: [UInt8] = []
    private var accessMethod: [UInt8] = []

    /// Begins another script: its settings are its own.
    mutating func beginScript() {
        current = nil
        lastComment = nil
        tablespace = []
        accessMethod = []
    }

    /// - Returns: the header, when the piece is one.
    @discardableResult
    mutating func take(_ piece: ScriptPiece) -> EntryHeader? {
        switch piece.kind {
        case .comment: return takeComment(piece)
        case .statement: takeStatement(piece.bytes)
        case .blank, .copyRows, .copyEnd, .metaCommand: lastComment = nil
        }
        return nil
    }

    /// What is data is no definition, only the statements about it are.
    private static let data: Set = ["BLOBS", "BLOB METADATA", "TABLE DATA", "SEQUENCE SET", "STATISTICS DATA"]

    private mutating func takeComment(_ piece: ScriptPiece) -> EntryHeader? {
        defer { lastComment = piece }
        guard let opening = lastComment, opening.bytes.elementsEqual("--\n".utf8), let header = EntryHeader(line: piece.bytes.line)
        else { return nil }
        var name = DefinitionName(header)
        // Named after the first and the last of them: a gap would rename them all.
        if header.type.hasPrefix("BLOB "), header.name.contains("..") { name.name = "" }
        current = name
        if !Self.data.contains(header.type) { definitions[name, default: Definition()].count += 1 }
        return header
    }

    private mutating func takeStatement(_ text: [UInt8]) {
        lastComment = nil
        let subject = StatementSubject(of: text)
        guard subject.kind != .session, let current else { return takeSetting(text) }
        let roles = StatementRoles(of: text)
        switch roles?.aspect {
        case .owner: add(text, as: aspect(of: current, "owner \(roles?.roles.joined(separator: ", ") ?? "")"))
        case .privileges: add(text, as: aspect(of: current, String(decoding: text, as: UTF8.self)))
        case .other, nil: definitions[current, default: Definition()].digest.add(settings(of: current) + text.withInstants())
        }
    }

    private func aspect(of name: DefinitionName, _ aspect: String) -> DefinitionName {
        var name = name
        name.aspect = aspect
        return name
    }

    private mutating func add(_ text: [UInt8], as name: DefinitionName) {
        definitions[name, default: Definition()].count += 1
        definitions[name, default: Definition()].digest.add(text)
    }

    private mutating func takeSetting(_ text: [UInt8]) {
        if text.starts(with: "SET default_tablespace".utf8) { tablespace = text }
        if text.starts(with: "SET default_table_access_method".utf8) { accessMethod = text }
    }

    private static let withStorage: Set = ["TABLE", "MATERIALIZED VIEW", "INDEX", "CONSTRAINT"]

    private func settings(of name: DefinitionName) -> [UInt8] {
        guard Self.withStorage.contains(name.type) else { return [] }
        let place = tablespace.elementsEqual("SET default_tablespace = '';".utf8) ? [] : tablespace
        return name.type == "TABLE" || name.type == "MATERIALIZED VIEW" ? place + accessMethod : place
    }
}

extension DefinitionList {
    /// What a restored database makes differently from the script it was restored from.
    /// - Parameters:
    ///   - writer: the release of pg_dump that wrote the script.
    ///   - comparesWords: whether the same release wrote both: another one may write the same thing in other words.
    /// - Returns: differences, and the names of what only reads differently.
    func differences(
        in found: DefinitionList, writer: Int? = nil, comparesWords: Bool = true
    ) -> (differences: [ProofDifference], reworded: [String]) {
        var names = Set(definitions.keys).union(found.definitions.keys)
        if let rights = PublicSchemaRights(definitions.keys, writer: writer),
            rights == PublicSchemaRights(found.definitions.keys, writer: writer)
        {
            names = names.filter { !PublicSchemaRights.isAbout($0) }
        }
        let unequal = names.filter { definitions[$0] != found.definitions[$0] }.sorted()
        var wrong: [ProofDifference] = []
        var reworded: [String] = []
        for name in unequal {
            let (expected, there) = (definitions[name] ?? Definition(), found.definitions[name] ?? Definition())
            if let difference = Self.difference(name, expected, there, comparesWords) {
                wrong.append(difference)
            } else {
                reworded.append("\(name)")
            }
        }
        return (wrong, reworded)
    }

    /// Nil when it only reads differently.
    private static func difference(
        _ name: DefinitionName, _ expected: Definition, _ there: Definition, _ comparesWords: Bool
    ) -> ProofDifference? {
        if there.count < expected.count { return name.isInEveryDatabase ? nil : .missing("\(name)") }
        if there.count > expected.count { return name.comesByItself ? nil : .additional("\(name)") }
        guard name.isLiteral, comparesWords else { return nil }
        return ProofDifference(subject: "\(name)", expected: "as the script has it", found: "with another content")
    }
}

extension RowsDigest {
    mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add(row: $0) } }
}

extension [UInt8] {
    /// Without the line break at its end.
    fileprivate var line: [UInt8] { Array(split(separator: SQLByte.newline, omittingEmptySubsequences: false).first ?? []) }
}
