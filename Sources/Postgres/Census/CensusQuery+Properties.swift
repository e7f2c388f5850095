/// What statements of their own give to objects: links between them, switches, rights on columns, words about them.
extension CensusQuery {
    static let properties = [
        count("columns", "pg_catalog.pg_attribute t", of: "t.attrelid", "r.relkind <> 'S' AND t.attnum > 0 AND NOT t.attisdropped"),
        count("column defaults", "pg_catalog.pg_attrdef d", of: "d.adrelid"),
        """
        SELECT 'column privileges', pg_catalog.count(*) FROM pg_catalog.pg_attribute t JOIN relations r ON r.oid = t.attrelid,
            pg_catalog.aclexplode(t.attacl) a WHERE t.attnum > 0 AND NOT t.attisdropped
        """,
        count("inheritance links", "pg_catalog.pg_inherits i", of: "i.inhrelid"),
        "SELECT 'attached indexes', pg_catalog.count(*) FROM pg_catalog.pg_inherits i JOIN indexes c ON c.indexrelid = i.inhrelid",
        "SELECT 'clustered indexes', pg_catalog.count(*) FROM indexes WHERE indisclustered",
        // A table may still name an index that is gone; pg_dump goes by the indexes.
        """
        SELECT 'replica identities', pg_catalog.count(*) FROM (SELECT FROM indexes WHERE indisreplident
            UNION ALL SELECT FROM relations WHERE relreplident IN ('f', 'n') AND relkind IN ('r', 'p')) i
        """,
        "SELECT 'populated materialized views', pg_catalog.count(*) FROM relations WHERE relkind = 'm' AND relispopulated",
        "SELECT 'tables with row security', pg_catalog.count(*) FROM relations WHERE relrowsecurity",
        "SELECT 'tables with forced row security', pg_catalog.count(*) FROM relations WHERE relforcerowsecurity",
        count("switched triggers", "pg_catalog.pg_trigger t", of: "t.tgrelid", "NOT t.tgisinternal AND t.tgenabled <> 'O'"),
        count("switched rules", "pg_catalog.pg_rewrite w", of: "w.ev_class", "w.rulename <> '_RETURN' AND w.ev_enabled <> 'O'"),
        """
        SELECT 'switched event triggers', pg_catalog.count(*) FROM pg_catalog.pg_event_trigger e
            JOIN objects o ON o.oid = e.oid AND o.class = \(catalog("pg_event_trigger")) WHERE e.evtenabled <> 'O'
        """,
        """
        SELECT 'user mappings', pg_catalog.count(*) FROM pg_catalog.pg_user_mappings m
            JOIN objects o ON o.oid = m.srvid AND o.class = \(catalog("pg_foreign_server"))
        """,
        count("tables in publications", "pg_catalog.pg_publication_rel p", of: "p.prrelid"),
        """
        SELECT 'default privileges', pg_catalog.count(*) FROM pg_catalog.pg_default_acl d LEFT JOIN spaces n ON n.oid = d.defaclnamespace
        WHERE d.defaclnamespace = 0 OR n.oid IS NOT NULL
        """,
        about("comments", "pg_description"),
        about("security labels", "pg_seclabel"),
    ]

    private static func count(_ kind: String, _ source: String, of relation: String, _ condition: String = "true") -> String {
        "SELECT '\(kind)', pg_catalog.count(*) FROM \(source) JOIN relations r ON r.oid = \(relation) WHERE \(condition)"
    }

    private static func about(_ kind: String, _ name: String) -> String {
        """
        SELECT '\(kind)', pg_catalog.count(*) FROM pg_catalog.\(name) d JOIN described o ON o.class = d.classoid AND o.oid = d.objoid
        """
    }
}
