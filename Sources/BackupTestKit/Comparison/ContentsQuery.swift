/// The SQL behind a fingerprint's contents: a script for psql that prints one line per table, sequence and large object, name and value apart by U+001F.
enum ContentsQuery {
    /// Rows are summed by their md5, so their order is free, and columns taken by name, so that theirs is. Partitions by hash over an enum are told by
    /// their root: the values' OIDs differ between databases, and with them the partition a row falls into.
    static let text = """
        SET client_min_messages = error; SET timezone = 'UTC'; SET extra_float_digits = 3; SET bytea_output = 'hex'; SET intervalstyle = 'postgres';
        SET datestyle = 'ISO'; SET row_security = off;
        \\pset fieldsep '\u{1F}'
        WITH tables AS (
            SELECT c.oid, c.relkind, c.relispopulated, format('%I.%I', n.nspname, c.relname) AS name,
                   (SELECT string_agg(format('%I', attname), ', ' ORDER BY attname) FROM pg_attribute
                     WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
               AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_partitioned_table p ON p.partrelid = i.inhparent
                                JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs::int2[]) JOIN pg_type t ON t.oid = a.atttypid
                                WHERE i.inhrelid = c.oid AND p.partstrat = 'h' AND t.typtype = 'e')
               AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class f ON f.oid = i.inhrelid WHERE i.inhparent = c.oid AND f.relkind = 'f'))
        SELECT CASE WHEN relispopulated THEN format(
                   'SELECT %L, count(*) || '' rows '' || coalesce(sum((''x'' || md5(ROW(%s)::text))::bit(60)::bigint::numeric), 0) FROM %s %s',
                   name, columns, CASE relkind WHEN 'r' THEN 'ONLY' ELSE '' END, name)
               ELSE format('SELECT %L, ''not populated''', name) END
          FROM tables \\gexec
        SELECT format('SELECT %L, last_value || '' '' || is_called FROM %1$s', format('%I.%I', n.nspname, c.relname))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S' \\gexec
        SELECT 'large object ' || m.oid, concat_ws(' ', m.lomowner::regrole, m.lomacl::text, md5(obj_description(m.oid, 'pg_largeobject')), md5(
                   (SELECT string_agg(data, '' ORDER BY pageno) FROM pg_largeobject WHERE loid = m.oid)))
          FROM pg_largeobject_metadata m ORDER BY m.oid;
        """
}
