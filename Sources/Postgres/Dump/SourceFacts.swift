import BackupModel
import DumpFormat

/// What a dump remembers of the server and database it came from.
struct SourceFacts: Sendable {
    let systemIdentifier: String
    let serverVersion: String
    let serverVersionNumber: Int
    let database: String
    let encoding: String
    let collation: String
    let characterType: String
    let localeProvider: String
    let locale: String?
    let lsn: String
    let isStandby: Bool
    let holdsMoney: Bool
    /// Whether pg_dump may write rows, however many, beside those of the tables: large objects, and what extensions keep in tables of theirs.
    let holdsOtherRows: Bool
    let holdsSequences: Bool
    let extensions: [DumpIndex.Extension]
    let properties: DumpIndex.DatabaseProperties

    /// - Parameters:
    ///   - connection: a session in the snapshot.
    ///   - lsn: where the server stood when the snapshot was taken.
    static func read(over connection: PostgresConnection, lsn: String) async throws -> SourceFacts {
        let version = try await connection.serverVersion
        let rows = try await connection.rows(databaseQuery(version: version))
        guard let row = rows.first, row.count == 7 else { throw BackupError(.failed, "the server does not describe its database") }
        let server = try await ServerIdentity.read(over: connection)
        return SourceFacts(
            systemIdentifier: server.systemIdentifier, serverVersion: server.version, serverVersionNumber: version,
            database: row[0] ?? "", encoding: row[1] ?? "", collation: row[2] ?? "", characterType: row[3] ?? "",
            localeProvider: row[4] ?? "c", locale: row[5], lsn: lsn, isStandby: server.isStandby,
            holdsMoney: try await MoneyLocale.matters(over: connection),
            holdsOtherRows: try await holdsOtherRows(over: connection),
            holdsSequences: try await connection.rows("SELECT FROM pg_catalog.pg_class WHERE relkind = 'S' LIMIT 1").isEmpty == false,
            extensions: try await extensions(over: connection),
            properties: DumpIndex.DatabaseProperties(owner: row[6] ?? "", statements: try await DatabaseStatements.read(over: connection)))
    }

    private static func databaseQuery(version: Int) -> String {
        let provider = version >= 150000 ? "d.datlocprovider" : "'c'"
        let locale = version >= 170000 ? "d.datlocale" : version >= 150000 ? "d.daticulocale" : "NULL"
        return """
            SELECT d.datname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, \(provider), \(locale),
                pg_catalog.pg_get_userbyid(d.datdba)
            FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
            """
    }

    private static func holdsOtherRows(over connection: PostgresConnection) async throws -> Bool {
        let rows = try await connection.rows(
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)
                OR EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extconfig IS NOT NULL)
            """)
        return rows.first?.first != "f"
    }

    private static func extensions(over connection: PostgresConnection) async throws -> [DumpIndex.Extension] {
        let rows = try await connection.rows(
            """
            SELECT e.extname, e.extversion, n.nspname FROM pg_catalog.pg_extension e
                JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace ORDER BY e.extname
            """)
        return rows.map { DumpIndex.Extension(name: $0[0] ?? "", version: $0[1] ?? "", schema: $0[2] ?? "") }
    }
}
