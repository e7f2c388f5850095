extension History {
    /// Statements of which the server refuses some, where another one came before. Those that belong together stand together.
    /// - Parameter number: for names.
    static func definitions(_ number: Int) -> [String] {
        [
            "ALTER TYPE mood RENAME VALUE 'glad' TO 'merry'",
            "ALTER TYPE mood RENAME VALUE 'merry' TO 'glad'",
            "ALTER TYPE pair RENAME ATTRIBUTE a TO a\(number); ALTER TYPE pair RENAME ATTRIBUTE a\(number) TO a",
            "ALTER TABLE p DETACH PARTITION p1",
            "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (2000)",
            "BEGIN; ALTER TABLE c RENAME TO x; ALTER TABLE twin RENAME TO c; ALTER TABLE x RENAME TO twin; COMMIT",
            "ALTER TABLE b ADD COLUMN v\(number) int DEFAULT \(number)",
            "ALTER TABLE b ADD COLUMN w\(number) timestamptz DEFAULT clock_timestamp(); ALTER TABLE b DROP COLUMN w\(number)",
            "ALTER TABLE b ADD COLUMN g\(number) int GENERATED ALWAYS AS (id * 2) STORED",
            "ALTER TABLE b ADD CONSTRAINT k\(number) CHECK (id > -1) NOT VALID; ALTER TABLE b VALIDATE CONSTRAINT k\(number)",
            "ALTER TABLE b ALTER body SET NOT NULL; ALTER TABLE b ALTER body DROP NOT NULL; ALTER TABLE b ALTER body SET DEFAULT '\(number)'",
            "ALTER TABLE b ALTER body SET STORAGE EXTENDED; ALTER TABLE b ALTER body SET COMPRESSION pglz; VACUUM FULL b",
            "ALTER TABLE b ALTER id TYPE bigint; ALTER TABLE b ALTER id TYPE int",
            "ALTER TABLE b ALTER m TYPE text; ALTER TABLE b ALTER m TYPE mood USING m::mood",
            "CREATE SCHEMA s\(number); ALTER TABLE twin SET SCHEMA s\(number); ALTER TABLE s\(number).twin SET SCHEMA public",
            "ALTER TABLE b ENABLE ROW LEVEL SECURITY; ALTER TABLE b DISABLE ROW LEVEL SECURITY; GRANT SELECT ON b TO PUBLIC",
            "CREATE TABLE heir () INHERITS (b); INSERT INTO heir (id) VALUES (\(number)); DROP TABLE heir",
            "ALTER TABLE c SET (fillfactor = 50); ALTER TABLE c ALTER note SET STATISTICS 10; ALTER TABLE b REPLICA IDENTITY FULL",
            // A crash empties such a table and leaves it its file's name.
            "ALTER TABLE twin SET UNLOGGED",
            "ALTER TABLE twin SET LOGGED",
            "CREATE INDEX k\(number) ON twin (id); ALTER TABLE twin CLUSTER ON k\(number); CLUSTER twin; DROP INDEX k\(number)",
            "BEGIN; TRUNCATE twin; COPY twin (id) FROM PROGRAM 'seq 1 2800' WITH (FREEZE); SAVEPOINT s; DELETE FROM twin WHERE id < 9; COMMIT",
        ]
    }
}
