import BackupModel
import BackupTestKit
import Doctor
import Postgres
import Testing

@testable import BackupEngine

@Suite("A look at a server of PostgreSQL")
struct ServerLookTests {
    private func look(_ server: PostgresServer, _ database: String, as user: String = "postgres") async throws -> PostgresCondition.Server {
        let target = try ConnectionTarget(url: "postgresql://\(user)@\(server.host):\(server.port)/\(database)")
        return try await PostgresConnection.with(target, applicationName: "call-center-admin doctor") {
            try await ServerLook(connection: $0, now: RunContext.live().now).read()
        }
    }

    /// Servers of their own, as a look goes over all databases there are.
    @Test("Tells the size of each database as the server does, the largest first")
    func sizes() async throws {
        try requireServer(15)
        try await withDatabase(alone: true) { server, database in
            try await server.createDatabase("small")
            try await server.psql("CREATE TABLE calls AS SELECT md5(n::text) FROM generate_series(1, 20000) n", database: database)
            let found = try await look(server, database).sizes
            let sizes = Dictionary(uniqueKeysWithValues: found.map { ($0.database, $0.bytes) })
            let small = try await server.psql("SELECT pg_database_size('small')")
            #expect(sizes["small"].map { "\($0)" } == small, "\(found)")
            #expect(found.first?.database == database && sizes["template0"] == nil)
            #expect(found.map(\.bytes) == found.map(\.bytes).sorted(by: >))
        }
    }

    @Test("Tells its release, its room for connections, and that it is no standby")
    func settings() async throws {
        try requireServer(15)
        try await withDatabase(alone: true) { server, database in
            let found = try await look(server, database)
            #expect(found.version.hasPrefix("15.") && !found.isStandby && found.savesPasswords && found.seesTransactions)
            let shown = try await server.psql("SHOW max_connections; SHOW superuser_reserved_connections; SHOW hba_file")
            let told = ["\(found.maxConnections)", "\(found.reserved)", found.accessFile ?? ""]
            #expect(shown.split(separator: "\n").map(String.init) == told)
            // Ours is among them.
            #expect(found.connections >= 1 && found.connections <= found.maxConnections)
        }
    }

    @Test("Of a database that a role may not connect to it tells no size, and nothing that only others may see")
    func stranger() async throws {
        try requireServer(15)
        try await withDatabase(alone: true) { server, database in
            try await server.createDatabase("closed")
            try await server.psql("CREATE ROLE stranger LOGIN; REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
            let found = try await look(server, database, as: "stranger")
            let sizes = Dictionary(uniqueKeysWithValues: found.sizes.map { ($0.database, $0.bytes) })
            #expect(sizes["closed"] == 0 && sizes[database, default: 0] > 0, "\(sizes)")
            #expect(!found.savesPasswords && !found.seesTransactions && found.accessFile == nil)
        }
    }
}
