import BackupModel
import DumpFormat

/// What pg_dump's words of a snapshot stand on: the catalogs, and what is in none of them.
struct SchemaFacts: Sendable, Equatable {
    /// Rows of each catalog that the snapshot sees.
    var catalogs: [String: Int64]
    /// Those that hold rows of transactions which had not ended at an earlier snapshot.
    var changed: Set<String>
    /// A digest of settings, the role and whether it is a superuser, and the roles' names.
    var surroundings: String

    /// The newest release whose pg_dump is known to read nothing else. Later ones may, say, write statistics by themselves.
    static let newestRelease = 18

    /// - Parameters:
    ///   - xmin: of the earlier snapshot; nil: there is none.
    ///   - connection: in a snapshot or not; it speaks the database's own encoding.
    /// - Returns: nil where the text may depend on more than can be told from here.
    static func read(since xmin: UInt64?, over connection: PostgresConnection) async throws -> SchemaFacts? {
        guard try await connection.rows(SchemaQuery.foreignCode).first?.first == "f",
            let names = SchemaQuery.counted(try await connection.rows(SchemaQuery.catalogs)),
            let surroundings = try await connection.rows(SchemaQuery.surroundings).first?.first ?? nil
        else { return nil }
        if try await connection.rows(SchemaQuery.hiddenMappings).first?.first != "f" { return nil }
        var facts = SchemaFacts(catalogs: [:], changed: [], surroundings: surroundings)
        for row in try await connection.rows(SchemaQuery.count(names, since: xmin)) {
            guard let name = row[0], let count = row[1].flatMap(Int64.init) else { return nil }
            facts.catalogs[name] = count
            if row[2] != "0" { facts.changed.insert(name) }
        }
        return facts
    }
}
