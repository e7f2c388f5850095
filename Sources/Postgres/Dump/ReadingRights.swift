import BackupModel

/// What the role lacks to read a whole database, asked of the server's catalogs without touching a table.
package struct ReadingRights: Sendable, Equatable {
    package let role: String
    package let serverVersion: Int
    package let isStandby: Bool
    /// Tables and sequences a dump reads.
    package let relations: Int
    /// Those the role may not read, and those whose rows a policy would hide from it: quoted names, in order.
    package let forbidden: [String]
    package let hidden: [String]

    /// - Parameter connection: a session on the database in question.
    package static func read(over connection: PostgresConnection) async throws -> ReadingRights {
        let rows = try await connection.rows(query)
        func names(_ column: Int) -> [String] { rows.filter { $0[column] == "t" }.compactMap { $0[0] } }
        let facts = try await connection.rows("SELECT current_user, pg_catalog.pg_is_in_recovery()").first
        return ReadingRights(
            role: (facts?[0] ?? nil) ?? "", serverVersion: try await connection.serverVersion, isStandby: facts?[1] == "t",
            relations: rows.count, forbidden: names(1), hidden: names(2))
    }

    /// The rules of what is read are pg_dump's: tables and sequences outside the system's schemas that no extension owns.
    private static let query = """
        SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
            NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE') OR NOT pg_catalog.has_table_privilege(c.oid, 'SELECT'),
            c.relrowsecurity AND pg_catalog.row_security_active(c.oid)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
        ORDER BY 1
        """
}

extension ReadingRights {
    /// - Throws: `.permissionDenied` with the first relations that cannot be read, and the statement that mends it.
    package func requireEverything() throws {
        if !forbidden.isEmpty {
            throw BackupError(.permissionDenied, "the role \(role) may not read \(list(forbidden))", hint: "As a superuser: \(grant)")
        }
        if !hidden.isEmpty {
            throw BackupError(
                .permissionDenied, "row-level security hides rows of \(list(hidden)) from the role \(role)",
                hint: "As a superuser: ALTER ROLE \(SQL.identifier(role)) BYPASSRLS;")
        }
    }

    private func list(_ names: [String]) -> String {
        let first = names.prefix(5).joined(separator: ", ")
        return
            "\(names.count) of \(relations.counted("table or sequence", "tables and sequences")): \(first)\(names.count > 5 ? ", …" : "")"
    }

    private var grant: String {
        let role = SQL.identifier(role)
        if serverVersion >= 140000 { return "GRANT pg_read_all_data TO \(role);" }
        return "GRANT USAGE ON SCHEMA …, GRANT SELECT ON ALL TABLES IN SCHEMA … and ON ALL SEQUENCES IN SCHEMA … TO \(role);"
    }
}
