/// The query behind a census: one row per kind, with its number.
///
/// What counts is what pg_dump carries: nothing of the system's schemas, nothing that belongs to an extension, no partition's copy of its
/// parent's triggers and keys, none of what the server makes along with something else (row types, array types, range constructors).
/// Where a restore may rightly differ, nothing is counted: the schema `public` and the language `plpgsql` are in every new database.
/// Invalid indexes are left behind by pg_dump, and so is a comment on one.
enum CensusQuery {
    static func text(version: Int) -> String {
        """
        WITH spaces AS (
            SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        ), hidden AS (
            SELECT classid, objid FROM pg_catalog.pg_depend
            WHERE deptype = 'e' OR deptype = 'i' AND classid = \(catalog("pg_proc"))
        ), relations AS (
            SELECT c.* FROM pg_catalog.pg_class c JOIN spaces n ON n.oid = c.relnamespace
                LEFT JOIN hidden h ON h.classid = \(catalog("pg_class")) AND h.objid = c.oid
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND h.objid IS NULL
        ), indexes AS (
            SELECT i.* FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indrelid
            WHERE i.indisready AND (i.indisvalid OR r.relkind = 'p')
        ), named (kind, class, oid, owner, acl, acltype) AS (
            \(named.joined(separator: "\nUNION ALL\n"))
        ), objects AS (
            SELECT o.* FROM named o LEFT JOIN hidden h ON h.classid = o.class AND h.objid = o.oid WHERE h.objid IS NULL
        ), parts (kind, class, oid) AS (
            \(parts(version: version).joined(separator: "\nUNION ALL\n"))
        ), described (class, oid) AS (
            \(described)
        ), counts (kind, count) AS (
            \((sums + properties).joined(separator: "\nUNION ALL\n"))
        )
        SELECT kind, count FROM counts WHERE count > 0
        """
    }

    static func catalog(_ name: String) -> String { "'pg_catalog.\(name)'::pg_catalog.regclass::pg_catalog.oid" }

    /// Inherited checks and comments on them come and go with how their table came to its parent.
    private static let described = """
        SELECT class, oid FROM objects WHERE kind <> 'extensions'
        UNION ALL SELECT class, oid FROM parts WHERE kind NOT IN ('check constraints', 'not null constraints')
        """

    private static let sums = [
        "SELECT kind, pg_catalog.count(*) FROM objects GROUP BY kind",
        "SELECT kind, pg_catalog.count(*) FROM parts GROUP BY kind",
        """
        SELECT 'objects of the role ' || pg_catalog.pg_get_userbyid(owner), pg_catalog.count(*) FROM objects WHERE owner IS NOT NULL
        GROUP BY owner
        """,
        // As they apply: default rights that are written down are the same as default rights that are not.
        """
        SELECT 'privileges', pg_catalog.count(*) FROM (
            SELECT DISTINCT o.class, o.oid, a.grantee, a.privilege_type, a.is_grantable
            FROM objects o, pg_catalog.aclexplode(coalesce(o.acl, pg_catalog.acldefault(o.acltype::"char", o.owner))) a
            WHERE o.acltype IS NOT NULL) a
        """,
    ]
}
