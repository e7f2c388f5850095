import BackupTestKit
import Glibc
import SystemPackage
import Testing

@Suite("Private servers")
struct WithPostgresTests {
    @Test("every promised version starts and answers", arguments: PostgresInstallation.supportedMajors)
    func startsAndAnswers(major: Int) async throws {
        try requireServer(major)
        try await withPostgres(version: major) { server in
            let version = try await server.psql("SHOW server_version_num")
            #expect(version.hasPrefix("\(major)"))
        }
    }

    @Test("the server and its folder go when the body throws")
    func goesWithAnError() async throws {
        try requireServer(15)
        struct Stop: Error { let server: PostgresServer }
        let stop = try await #require(throws: Stop.self) {
            try await withPostgres { server in throw Stop(server: server) }
        }
        #expect(access(stop.server.folder.string, F_OK) != 0)
        #expect(try await stop.server.command("psql", ["-c", "SELECT 1"]).outcome().status == 2)
    }

    @Test("a password is asked for when one is set")
    func asksForPassword() async throws {
        try requireServer(15)
        try await withPostgres(PostgresBlueprint(password: "right horse", tls: true)) { server in
            let tls = try await server.psql("SHOW ssl")
            #expect(tls == "on")
            var wrong = server.command("psql", ["-c", "SELECT 1"])
            wrong.environment["PGPASSWORD"] = "wrong"
            let refused = try await wrong.outcome()
            #expect(refused.status == 2)
            #expect(refused.errors.contains("password authentication failed"))
        }
    }

    @Test("a standby follows its primary and takes no writes")
    func followsPrimary() async throws {
        try requireServer(15)
        try await withPostgres { primary in
            try await primary.psql("CREATE TABLE t AS SELECT 7 AS n")
            try await withStandby(of: primary) { standby in
                let seen = try await standby.psql("SELECT pg_is_in_recovery(), n FROM t")
                #expect(seen == "t|7")
            }
        }
    }

    @Test("a database is created with its options and dropped again")
    func dropsDatabase() async throws {
        try requireServer(15)
        let name = try await withDatabase("ENCODING 'SQL_ASCII' LOCALE 'C'") { server, database in
            let encoding = try await server.psql("SHOW server_encoding", database: database)
            #expect(encoding == "SQL_ASCII")
            return database
        }
        let server = try await SharedServers.shared.server()
        #expect(try await server.psql("SELECT count(*) FROM pg_database WHERE datname = '\(name)'") == "0")
    }
}
