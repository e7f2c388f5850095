import BackupModel
package import DumpFormat

extension Census {
    /// Counts what a dump of the database carries, in one query.
    /// - Parameter connection: a session on the database, in a snapshot or not; it speaks the database's own encoding afterwards.
    package static func read(over connection: PostgresConnection) async throws -> Census {
        // Roles' names are common to all databases, so they need not be valid in this one's encoding: nothing may convert them.
        try await connection.execute("SELECT pg_catalog.set_config('client_encoding', pg_catalog.getdatabaseencoding(), false)")
        let rows = try await connection.rows(CensusQuery.text(version: try await connection.serverVersion))
        let counts = rows.compactMap { row in row[0].flatMap { kind in row[1].flatMap(Int64.init).map { (kind, $0) } } }
        return Census(Dictionary(counts) { $0 + $1 })
    }
}
