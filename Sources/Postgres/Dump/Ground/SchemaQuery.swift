/// The questions behind `SchemaFacts`.
enum SchemaQuery {
    /// Each with whether the role may read it.
    static let catalogs = """
        SELECT c.relname, pg_catalog.has_table_privilege(c.oid, 'SELECT') FROM pg_catalog.pg_class c
        WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind = 'r' ORDER BY c.relname
        """

    /// What pg_dump takes no definitions from: what ANALYZE gathers, the bytes of large objects, the progress of replication, who in the whole
    /// server depends on a role. Of `pg_database` the own row is part of the ground; of roles it has the names (`surroundings`).
    static let passedOver: Set<String> = [
        "pg_statistic", "pg_statistic_ext_data", "pg_largeobject", "pg_subscription_rel", "pg_replication_origin", "pg_shdepend",
        "pg_database", "pg_authid",
    ]

    /// What pg_dump cannot read either, and then leaves out: subscriptions are a superuser's; mappings are `hiddenMappings`.
    private static let superusers: Set<String> = ["pg_subscription", "pg_user_mapping"]

    /// - Parameter rows: of `catalogs`.
    /// - Returns: the names of those to count; nil where one of them may not be read.
    static func counted(_ rows: [[String?]]) -> [String]? {
        let open = rows.compactMap { row in row[0].map { (name: $0, isReadable: row[1] == "t") } }
        let read = open.filter { !passedOver.contains($0.name) && ($0.isReadable || !superusers.contains($0.name)) }
        return read.allSatisfy(\.isReadable) ? read.map(\.name) : nil
    }

    /// Counts each catalog's rows, and those of them that a transaction wrote which had not ended at the earlier snapshot.
    static func count(_ names: [String], since xmin: UInt64?) -> String {
        let changed = xmin.map { "pg_catalog.count(*) FILTER (WHERE \(LaterRows.condition(since: $0)))" }
        return names.map { name in
            "SELECT \(SQL.literal(name)), pg_catalog.count(*), \(changed ?? "0") FROM pg_catalog.\(SQL.identifier(name))"
        }.joined(separator: "\nUNION ALL\n")
    }

    /// Defaults, conditions, bounds of partitions are written with values in them, and those by their types' own code: that of extensions lies in
    /// libraries that are exchanged under a running server.
    static let foreignCode = """
        SELECT EXISTS (SELECT FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_language l ON l.oid = f.prolang
            WHERE l.lanname <> 'internal' AND f.oid IN (SELECT typoutput FROM pg_catalog.pg_type
                UNION SELECT typmodout FROM pg_catalog.pg_type))
        """

    /// Who may not read the mappings themselves sees of each as much as he has rights to.
    static let hiddenMappings = """
        SELECT NOT pg_catalog.has_table_privilege('pg_catalog.pg_user_mapping', 'SELECT')
            AND EXISTS (SELECT FROM pg_catalog.pg_user_mappings)
        """

    /// `reset_val` is what another session begins with, whatever this one is pinned to. Roles' names are common to all databases and need not
    /// be valid in this one's encoding, so they are taken as the bytes they are.
    static let surroundings = """
        SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.textsend(pg_catalog.concat_ws(E'\\n', session_user, current_user,
            (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
            (SELECT pg_catalog.string_agg(pg_catalog.concat(oid, ' ', pg_catalog.quote_ident(rolname::pg_catalog.text)), E'\\n' ORDER BY oid)
                FROM pg_catalog.pg_roles),
            (SELECT pg_catalog.string_agg(pg_catalog.concat(name, ' ', reset_val), E'\\n' ORDER BY name COLLATE "C")
                FROM pg_catalog.pg_settings WHERE name <> 'application_name')))), 'hex')
        """
}
