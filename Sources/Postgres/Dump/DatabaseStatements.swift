/// The statements that give another database this one's own properties: settings, connection limit, privileges, comment.
///
/// pg_dump writes them only together with CREATE DATABASE; `:database` stands for the quoted name they will be run under.
enum DatabaseStatements {
    static func read(over connection: PostgresConnection) async throws -> [String] {
        let rows = try await connection.rows(
            """
            SELECT s.statement FROM (
                SELECT 1 AS place, pg_catalog.format('ALTER DATABASE :database CONNECTION LIMIT %s', d.datconnlimit) AS statement
                FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database() AND d.datconnlimit >= 0
                UNION ALL
                SELECT 2, pg_catalog.format('ALTER %s SET %I TO %s', CASE WHEN r.setrole = 0 THEN 'DATABASE :database'
                        ELSE pg_catalog.format('ROLE %I IN DATABASE :database', pg_catalog.pg_get_userbyid(r.setrole)) END,
                    pg_catalog.split_part(c.setting, '=', 1), \(settingValue))
                FROM pg_catalog.pg_db_role_setting r JOIN pg_catalog.pg_database d ON d.oid = r.setdatabase,
                    pg_catalog.unnest(r.setconfig) AS c (setting)
                WHERE d.datname = pg_catalog.current_database()
                UNION ALL
                SELECT 3, pg_catalog.format('REVOKE ALL ON DATABASE :database FROM PUBLIC')
                FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database() AND d.datacl IS NOT NULL
                UNION ALL
                SELECT 4, pg_catalog.format('GRANT %s ON DATABASE :database TO %s%s', a.privilege_type,
                    CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.format('%I', pg_catalog.pg_get_userbyid(a.grantee)) END,
                    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a WHERE d.datname = pg_catalog.current_database()
                UNION ALL
                SELECT 5, pg_catalog.format('COMMENT ON DATABASE :database IS %L', pg_catalog.shobj_description(d.oid, 'pg_database'))
                FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
                    AND pg_catalog.shobj_description(d.oid, 'pg_database') IS NOT NULL
            ) s ORDER BY s.place, s.statement
            """)
        return rows.compactMap { $0.first ?? nil }
    }

    /// Lists such as `search_path` are stored quoted as the statement wants them; everything else is one literal
    /// (`makeAlterConfigCommand` in PostgreSQL's dumputils.c makes the same difference).
    private static let settingValue = """
        CASE WHEN pg_catalog.lower(pg_catalog.split_part(c.setting, '=', 1)) IN ('datestyle', 'search_path', 'temp_tablespaces',
                'session_preload_libraries', 'shared_preload_libraries', 'local_preload_libraries', 'unix_socket_directories')
            THEN pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1)
            ELSE pg_catalog.quote_literal(pg_catalog.substr(c.setting, pg_catalog.strpos(c.setting, '=') + 1)) END
        """
}
