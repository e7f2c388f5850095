/// What a database is, as far as a dump can carry it; two that are equal are the same to their users.
package struct DatabaseFingerprint: Sendable, Equatable {
    /// pg_dump's text of everything but data, without the lines that differ from run to run.
    package let definitions: [String]
    /// By name of the table, sequence or large object: rows and their digest, or its state.
    package let contents: [String: String]
}

extension PostgresServer {
    /// Takes the fingerprint of a database: pg_dump for the definitions, SQL for the contents, so that none of our own code judges itself.
    package func fingerprint(of database: String) async throws -> DatabaseFingerprint {
        let text = try await command("pg_dump", ["--schema-only", "-d", database]).output()
        let definitions = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            .filter { !$0.hasPrefix("\\restrict ") && !$0.hasPrefix("\\unrestrict ") }
        let lines = try await psql(ContentsQuery.text, database: database).split(separator: "\n")
        let pairs = lines.map { line in line.split(separator: "\u{1F}", maxSplits: 1).map(String.init) }
        let contents = Dictionary(pairs.map { ($0.first ?? "", $0.last ?? "") }) { $0 + " and " + $1 }
        return DatabaseFingerprint(definitions: definitions, contents: contents)
    }
}

extension DatabaseFingerprint {
    /// Where the two differ, in words for a failed test; empty when they are equal. At most `limit` lines.
    package func differences(from other: DatabaseFingerprint, limit: Int = 20) -> [String] {
        var found: [String] = []
        for change in other.definitions.difference(from: definitions).prefix(limit) {
            switch change {
            case .remove(let line, let text, _): found.append("only here, line \(line + 1): \(text)")
            case .insert(let line, let text, _): found.append("only there, line \(line + 1): \(text)")
            }
        }
        for name in Set(contents.keys).union(other.contents.keys).sorted() where contents[name] != other.contents[name] {
            found.append("\(name): \(contents[name] ?? "missing") here, \(other.contents[name] ?? "missing") there")
        }
        return Array(found.prefix(limit))
    }
}
