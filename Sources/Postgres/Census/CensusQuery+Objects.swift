/// Everything that has a name of its own, with its owner and rights, and what belongs to a relation and can be commented on.
extension CensusQuery {
    static var named: [String] {
        [relations, functions, types] + inSchemas + [statistics, schemas, extensions] + outOfSchemas
    }

    private static let relations = """
        SELECT CASE relkind WHEN 'r' THEN 'tables' WHEN 'p' THEN 'partitioned tables' WHEN 'v' THEN 'views'
                WHEN 'm' THEN 'materialized views' WHEN 'S' THEN 'sequences' ELSE 'foreign tables' END,
            \(catalog("pg_class")), oid, relowner, relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END
        FROM relations
        """

    private static let functions = """
        SELECT CASE p.prokind WHEN 'p' THEN 'procedures' WHEN 'a' THEN 'aggregates' ELSE 'functions' END, \(catalog("pg_proc")), p.oid,
            p.proowner, p.proacl, 'f'
        FROM pg_catalog.pg_proc p JOIN spaces n ON n.oid = p.pronamespace
        """

    private static let types = """
        SELECT CASE t.typtype WHEN 'c' THEN 'composite types' WHEN 'd' THEN 'domains' WHEN 'e' THEN 'enums' WHEN 'r' THEN 'range types'
                WHEN 'p' THEN 'shell types' ELSE 'base types' END, \(catalog("pg_type")), t.oid, t.typowner, t.typacl, 'T'
        FROM pg_catalog.pg_type t JOIN spaces n ON n.oid = t.typnamespace LEFT JOIN pg_catalog.pg_type e ON e.typarray = t.oid
            LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
        WHERE e.oid IS NULL AND t.typtype <> 'm' AND (t.typrelid = 0 OR c.relkind = 'c')
        """

    /// By the letters their catalog's columns begin with.
    private static var inSchemas: [String] {
        [
            ("operators", "pg_operator", "opr", "o.oprowner"), ("operator classes", "pg_opclass", "opc", "o.opcowner"),
            ("operator families", "pg_opfamily", "opf", "o.opfowner"), ("collations", "pg_collation", "coll", "o.collowner"),
            ("conversions", "pg_conversion", "con", "o.conowner"),
            ("text search configurations", "pg_ts_config", "cfg", "o.cfgowner"),
            ("text search dictionaries", "pg_ts_dict", "dict", "o.dictowner"),
            ("text search parsers", "pg_ts_parser", "prs", "NULL"), ("text search templates", "pg_ts_template", "tmpl", "NULL"),
        ].map { kind, name, letters, owner in
            """
            SELECT '\(kind)', \(catalog(name)), o.oid, \(owner), NULL, NULL
            FROM pg_catalog.\(name) o JOIN spaces n ON n.oid = o.\(letters)namespace
            """
        }
    }

    private static let statistics = """
        SELECT 'extended statistics', \(catalog("pg_statistic_ext")), s.oid, s.stxowner, NULL, NULL
        FROM pg_catalog.pg_statistic_ext s JOIN spaces n ON n.oid = s.stxnamespace JOIN relations r ON r.oid = s.stxrelid
        """

    private static let schemas = """
        SELECT 'schemas', \(catalog("pg_namespace")), n.oid, n.nspowner, n.nspacl, 'n'
        FROM pg_catalog.pg_namespace n JOIN spaces s ON s.oid = n.oid WHERE n.nspname <> 'public'
        """

    private static let extensions = """
        SELECT 'extensions', \(catalog("pg_extension")), oid, NULL, NULL, NULL
        FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'
        """

    /// Here only the number tells what the system brought along: users' objects begin at 16384 (`FirstNormalObjectId`).
    private static var outOfSchemas: [String] {
        [
            ("languages", "pg_language", "lanowner, lanacl, 'l'"), ("casts", "pg_cast", "NULL, NULL, NULL"),
            ("transforms", "pg_transform", "NULL, NULL, NULL"), ("access methods", "pg_am", "NULL, NULL, NULL"),
            ("event triggers", "pg_event_trigger", "evtowner, NULL, NULL"), ("publications", "pg_publication", "pubowner, NULL, NULL"),
            ("foreign data wrappers", "pg_foreign_data_wrapper", "fdwowner, fdwacl, 'F'"),
            ("foreign servers", "pg_foreign_server", "srvowner, srvacl, 'S'"),
        ].map { kind, name, owned in
            "SELECT '\(kind)', \(catalog(name)), oid, \(owned) FROM pg_catalog.\(name) WHERE oid >= 16384"
        } + [
            """
            SELECT 'large objects', \(catalog("pg_largeobject")), oid, lomowner, lomacl, 'L' FROM pg_catalog.pg_largeobject_metadata
            """
        ]
    }
}

extension CensusQuery {
    /// - Parameter version: from 13 on a partition's copy of a trigger says so; before, it counts as internal.
    static func parts(version: Int) -> [String] {
        let copies = version >= 130000 ? "AND t.tgparentid = 0" : ""
        return [
            "SELECT 'indexes', \(catalog("pg_class")), indexrelid FROM indexes",
            constraints,
            """
            SELECT 'triggers', \(catalog("pg_trigger")), t.oid FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid
            WHERE NOT t.tgisinternal \(copies)
            """,
            """
            SELECT 'rules', \(catalog("pg_rewrite")), w.oid FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class
            WHERE w.rulename <> '_RETURN'
            """,
            """
            SELECT 'policies', \(catalog("pg_policy")), p.oid FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
            """,
        ]
    }

    private static let constraints = """
        SELECT CASE c.contype WHEN 'c' THEN 'check constraints' WHEN 'f' THEN 'foreign keys' WHEN 'p' THEN 'primary keys'
                WHEN 'u' THEN 'unique constraints' WHEN 'x' THEN 'exclusion constraints' ELSE 'not null constraints' END,
            \(catalog("pg_constraint")), c.oid
        FROM pg_catalog.pg_constraint c LEFT JOIN relations r ON r.oid = c.conrelid LEFT JOIN indexes i ON i.indexrelid = c.conindid
            LEFT JOIN objects t ON t.oid = c.contypid AND t.class = \(catalog("pg_type"))
        WHERE CASE WHEN c.contype IN ('c', 'n') THEN r.oid IS NOT NULL OR t.oid IS NOT NULL
            WHEN c.contype = 'f' THEN r.oid IS NOT NULL AND c.conparentid = 0
            WHEN c.contype IN ('p', 'u', 'x') THEN i.indexrelid IS NOT NULL END
        """
}
