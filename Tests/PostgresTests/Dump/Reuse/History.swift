import BackupModel
import BackupTestKit

@testable import Postgres

/// Random work on a small database: what changes rows, what changes how they lie, what changes what they mean, and what only looks so.
///
/// Two sessions, one of which leaves transactions open over many dumps, and prepared transactions. What another session's locks forbid is left out.
final class History {
    private let server: PostgresServer
    private let database: String
    private var random: SeededGenerator
    private var session: PostgresConnection
    private var slow: PostgresConnection
    private var isSlowOpen = false
    private var prepared: [String] = []
    private(set) var number: Int
    /// What was done, for whoever has to find out why.
    private(set) var log: [String] = []

    static let shape = """
        CREATE TYPE mood AS ENUM ('sad', 'glad', 'mad');
        CREATE TYPE pair AS (a int, m mood);
        CREATE DOMAIN mark AS int CHECK (VALUE > -1000);
        CREATE TYPE span AS RANGE (subtype = int);
        CREATE TABLE a (id int PRIMARY KEY, note text, grade int DEFAULT 1);
        CREATE TABLE b (id int, m mood, p pair, body text, k mark DEFAULT 1, s span);
        CREATE TABLE c (id int, note text DEFAULT repeat('c', 100));
        CREATE TABLE p (id int, note text) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (2000);
        CREATE TABLE p2 PARTITION OF p DEFAULT;
        CREATE TABLE q (id int, note text) PARTITION BY RANGE (id);
        CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
        CREATE INDEX ON c (id);
        CREATE TABLE twin (LIKE c INCLUDING ALL);
        ALTER TABLE b ALTER COLUMN body SET STORAGE EXTERNAL;
        INSERT INTO a SELECT i, repeat(md5(i::text), 3) FROM generate_series(1, 3000) i;
        INSERT INTO b SELECT i, 'glad', ROW (i, 'sad'::mood)::pair, repeat(md5(i::text), 1 + i % 90), i % 9, span(i, i + 5)
            FROM generate_series(1, 900) i;
        INSERT INTO c (id) SELECT i FROM generate_series(1, 3000) i;
        INSERT INTO twin SELECT i, repeat('t', 100) FROM generate_series(1, 3000) i;
        INSERT INTO p SELECT i, repeat(md5(i::text), 2) FROM generate_series(1, 5000) i;
        INSERT INTO q SELECT i, repeat(md5(i::text), 2) FROM generate_series(1, 3000) i;
        """

    /// - Parameter number: from where new names and rows are numbered; that of the history this one goes on from.
    init(_ server: PostgresServer, _ database: String, seed: UInt64, from number: Int = 0) async throws {
        self.number = number
        self.server = server
        self.database = database
        random = SeededGenerator(seed: (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15)
        session = try await Self.open(server, database)
        slow = try await Self.open(server, database)
    }

    private static func open(_ server: PostgresServer, _ database: String) async throws -> PostgresConnection {
        let session = try await PostgresConnection.open(
            try ConnectionTarget(url: server.url(database: database)), applicationName: "history")
        try await session.execute("SET lock_timeout = 50; SET client_min_messages = error")
        return session
    }

    func close() async {
        await session.close()
        await slow.close()
        for name in prepared { _ = try? await server.psql("ROLLBACK PREPARED '\(name)'", database: database) }
    }

    /// After the server's sessions were ended; what is prepared survives that, or comes back with an earlier state.
    func reopen() async throws {
        await session.close()
        await slow.close()
        session = try await Self.open(server, database)
        slow = try await Self.open(server, database)
        isSlowOpen = false
        let names = try await server.psql("SELECT gid FROM pg_prepared_xacts WHERE database = current_database()", database: database)
        prepared = names.split(separator: "\n").map(String.init)
    }

    func note(_ event: String) { log.append("-- \(event)") }

    /// Some steps, as they may happen between two dumps.
    func go(steps: Int) async throws {
        for _ in 0..<steps { try await step() }
    }

    private func step() async throws {
        switch pick(100) {
        case 0..<45: await run(change)
        case 45..<52: await run("BEGIN; \(change); ROLLBACK")
        case 52..<60:
            await run("BEGIN; \(change); SAVEPOINT s; \(change); ROLLBACK TO s; \(change); SAVEPOINT t; \(change); RELEASE t; COMMIT")
        case 60..<66: await prepare()
        case 66..<72: await endPrepared()
        case 72..<78: await workSlowly()
        case 78..<84: await run("BEGIN; SELECT FROM \(table) WHERE id % 7 = \(pick(7)) FOR \(pick(2) == 0 ? "UPDATE" : "SHARE"); COMMIT")
        case 84..<92: await run(upkeep)
        default: await run(pick(2) == 0 ? shape : definition)
        }
    }

    private var table: String { ["a", "b", "c", "p1", "p2", "p", "q1"][pick(7)] }

    /// What a range of a table goes through every day; often at one place, sometimes everywhere.
    private var change: String {
        let table = table
        let first = pick(3000)
        let some = "id BETWEEN \(first) AND \(first + pick(40))"
        number += 1
        switch pick(7) {
        case 0, 1:
            let rows = "SELECT 100000 + \(number) * 100 + i"
            return ["a", "p", "p2", "q1"].contains(table)
                ? "INSERT INTO \(table) (id, note) \(rows), md5(i::text) FROM generate_series(1, \(1 + pick(90))) i"
                : table == "p1"
                    ? "INSERT INTO p1 SELECT \(first % 2000), 'more'" : "INSERT INTO \(table) (id) \(rows) FROM generate_series(1, 30) i"
        case 2: return "UPDATE \(table) SET \(table == "b" ? "body" : "note") = md5(random()::text) WHERE \(some)"
        case 3: return "UPDATE \(table == "p" || table == "p1" ? "c" : table) SET id = id WHERE \(some)"
        case 4: return "UPDATE c SET id = id + 1 WHERE \(some)"
        case 5: return "DELETE FROM \(table) WHERE \(some)"
        // As many go as come: only their transactions tell.
        default: return "WITH gone AS (DELETE FROM c WHERE \(some) RETURNING id) INSERT INTO c SELECT id, md5(id::text) FROM gone"
        }
    }

    private var upkeep: String {
        let table = ["a", "b", "c", "p1", "p2"][pick(5)]
        switch pick(10) {
        case 0..<4: return "VACUUM \(table)"
        case 4..<6: return "VACUUM (FREEZE, ANALYZE) \(table)"
        case 6: return "VACUUM FULL \(table)"
        case 7: return "CLUSTER a USING a_pkey"
        case 8: return "ANALYZE; REINDEX TABLE \(table)"
        default: return "VACUUM FULL pg_class; VACUUM FULL pg_attribute; VACUUM FREEZE pg_enum"
        }
    }

    private var shape: String {
        number += 1
        switch pick(13) {
        case 0: return "TRUNCATE c; INSERT INTO c (id) SELECT i FROM generate_series(1, 2500) i"
        case 1: return "BEGIN; TRUNCATE c; COPY c (id) FROM PROGRAM 'seq 1 2500' WITH (FREEZE); COMMIT"
        case 2: return "ALTER TABLE a DROP COLUMN grade; ALTER TABLE a ADD COLUMN grade int DEFAULT \(number)"
        case 3: return "ALTER TABLE a RENAME note TO remark; ALTER TABLE a RENAME remark TO note"
        case 4: return "ALTER TYPE mood RENAME VALUE 'glad' TO 'gay'; ALTER TYPE mood RENAME VALUE 'gay' TO 'glad'"
        case 5: return "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue\(number)'; ALTER TYPE mood RENAME VALUE 'blue\(number)' TO 'sad'"
        case 6: return "ALTER TYPE pair ADD ATTRIBUTE n\(number) int"
        case 7: return "ALTER TABLE c ALTER COLUMN note TYPE \(pick(2) == 0 ? "varchar" : "text")"
        case 8: return "ALTER TABLE c SET UNLOGGED; ALTER TABLE c SET LOGGED"
        case 9: return "ALTER TABLE p DETACH PARTITION p1; ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (2000)"
        case 10:
            return "ALTER TABLE a RENAME TO x; ALTER TABLE c RENAME TO a; ALTER TABLE x RENAME TO c; ALTER TABLE a RENAME TO x; "
                + "ALTER TABLE c RENAME TO a; ALTER TABLE x RENAME TO c"
        case 11: return "CREATE TABLE y (LIKE c INCLUDING ALL); INSERT INTO y SELECT * FROM c; DROP TABLE c; ALTER TABLE y RENAME TO c"
        default: return "ALTER TYPE mood ADD VALUE 'v\(number)'; CREATE TABLE z (id int); DROP TABLE z"
        }
    }

    /// What stays as it is made, so that rows nobody touched read otherwise the next day; or another table has their name.
    private var definition: String {
        number += 1
        let all = Self.definitions(number)
        return all[pick(all.count)]
    }

    private func prepare() async {
        let name = "\(database)_\(number)"
        number += 1
        guard prepared.count < 3, await run("BEGIN; \(change); SAVEPOINT s; \(change); PREPARE TRANSACTION '\(name)'") else { return }
        prepared.append(name)
    }

    private func endPrepared() async {
        guard !prepared.isEmpty else { return }
        await run("\(pick(3) == 0 ? "ROLLBACK" : "COMMIT") PREPARED '\(prepared.removeFirst())'")
    }

    private func workSlowly() async {
        let statement = isSlowOpen ? (pick(2) == 0 ? change : pick(3) == 0 ? "ROLLBACK" : "COMMIT") : "BEGIN; \(change)"
        isSlowOpen = await attempt(statement, over: slow) ? !["ROLLBACK", "COMMIT"].contains(statement) : false
    }

    @discardableResult private func run(_ statements: String) async -> Bool { await attempt(statements, over: session) }

    /// Statement by statement, as some may not stand together with others. What is refused is undone.
    private func attempt(_ statements: String, over session: PostgresConnection) async -> Bool {
        for statement in statements.split(separator: "; ").map(String.init) {
            do {
                try await session.execute(statement)
                log.append(statement)
            } catch {
                log.append("-- refused: \(statement): \((error as? BackupError)?.message ?? "\(error)")")
                _ = try? await session.execute("ROLLBACK")
                return false
            }
        }
        return true
    }

    func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}
