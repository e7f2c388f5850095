import BackupTestKit

extension AdminProgram {
    /// Names in the backup folder that someone could take for a backup. Roles alone are none.
    func wholeLooking() async throws -> [String] {
        try await entries().filter { !$0.hasPrefix(".") && ($0.hasSuffix(".sql.gz") || $0.hasSuffix(".json")) }
    }
}

extension PostgresServer {
    /// Whether nobody works in a database any more; waits up to two minutes for them to go.
    func isQuiet(_ database: String) async throws -> Bool {
        let left = try await psql(
            """
            CREATE FUNCTION pg_temp.others() RETURNS bigint LANGUAGE sql VOLATILE AS
              $$SELECT count(*) FROM pg_stat_get_activity(NULL) a JOIN pg_database d ON d.oid = a.datid WHERE datname = '\(database)'$$;
            DO $$ BEGIN FOR i IN 1..1200 LOOP EXIT WHEN pg_temp.others() = 0; PERFORM pg_sleep(0.1); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$;
            SELECT pg_temp.others();
            """)
        return left == "0"
    }

    /// Fills a database with one table of about `mebibytes` of text in rows of 1 kB, and two small ones.
    func loadCalls(into database: String, mebibytes: Int) async throws {
        try await psql(
            """
            CREATE TABLE calls (id bigint PRIMARY KEY, note text);
            INSERT INTO calls SELECT i, string_agg(md5((i * 31 + k)::text), '') FROM generate_series(1, \(mebibytes * 1024)) i, generate_series(1, 32) k GROUP BY i;
            CREATE TABLE agents (id int PRIMARY KEY, balance bigint); INSERT INTO agents SELECT i, 100 FROM generate_series(1, 100) i;
            CREATE TABLE teams (id int PRIMARY KEY, balance bigint); INSERT INTO teams SELECT i, 100 FROM generate_series(1, 100) i;
            """, database: database)
    }
}

extension AdminProgram {
    /// The command, with its connections through a proxy.
    func command(through proxy: FaultProxy, _ arguments: String...) -> Command {
        var command = command(arguments)
        command.environment["PGPORT"] = "\(proxy.port)"
        return command
    }
}
