import BackupModel
import BackupTestKit
import Testing

@testable import Postgres

@Suite struct PostgresConnectionTests {
    private func open(_ url: String) async throws -> PostgresConnection {
        try await PostgresConnection.open(ConnectionTarget(url: url), applicationName: "tests")
    }

    @Test func rowsComeWithNullsApartFromEmptyStrings() async throws {
        try await withDatabase { server, database in
            let connection = try await open(server.url(database: database))
            let rows = try await connection.rows("SELECT $1::text, NULL, '', 'ж'", ["a'b"])
            #expect(rows == [["a'b", nil, "", "ж"]])
            await connection.close()
        }
    }

    @Test func aRefusalCarriesItsCodeAndTheConnectionGoesOn() async throws {
        try await withDatabase { server, database in
            let connection = try await open(server.url(database: database))
            let error = await #expect(throws: BackupError.self) {
                try await connection.execute("SELECT 1; SELECT * FROM missing; SELECT 2")
            }
            #expect((error?.cause as? PostgresError)?.sqlState == "42P01")
            #expect(try await connection.rows("SELECT 7") == [["7"]])
            await connection.close()
        }
    }

    @Test func aMissingDatabaseIsToldFromAServerThatIsNotThere() async throws {
        let server = try await SharedServers.shared.server()
        let missing = await #expect(throws: BackupError.self) { try await open(server.url(database: "no such database")) }
        #expect(missing?.code == .databaseMissing)
        let refused = await #expect(throws: BackupError.self) { try await open(server.url(port: try FreePort.any())) }
        #expect(refused?.code == .sourceUnreachable)
        #expect(refused?.hint?.contains("pg_isready") == true)
    }

    @Test func aHostThatDoesNotResolveIsNamedAsSuch() async throws {
        let error = await #expect(throws: BackupError.self) { try await open("postgres://u@no-such-host.invalid/db?connect_timeout=5") }
        #expect(error?.code == .sourceUnreachable)
        #expect(error?.hint?.contains("no-such-host.invalid cannot be resolved") == true)
    }

    @Test func aWrongPasswordIsAnAuthenticationFailure() async throws {
        try await withPostgres(PostgresBlueprint(password: "right")) { server in
            let wrong = await #expect(throws: BackupError.self) { try await open(withPassword("wrong", server)) }
            #expect(wrong?.code == .authenticationFailed)
            #expect(wrong?.code.exitStatus == .sourceUnreachable)
            #expect("\(String(describing: wrong))".contains("wrong@") == false)
            let none = await #expect(throws: BackupError.self) { try await open(server.url() + "?passfile=/dev/null") }
            #expect(none?.code == .authenticationFailed)
            let connection = try await open(withPassword("right", server))
            #expect(try await connection.rows("SELECT 1") == [["1"]])
            await connection.close()
        }
    }

    private func withPassword(_ password: String, _ server: PostgresServer) -> String {
        "postgres://\(server.user):\(password)@\(server.host):\(server.port)/postgres"
    }

    @Test func aCancelledTaskLeavesNoQueryBehindOnTheServer() async throws {
        try await withDatabase { server, database in
            let connection = try await open(server.url(database: database))
            let query = Task { try await connection.execute("SELECT pg_sleep(600)") }
            try await waitForSleeper(in: database, on: server, present: true)
            query.cancel()
            await #expect(throws: CancellationError.self) { try await query.value }
            try await waitForSleeper(in: database, on: server, present: false)
        }
    }

    /// Asks until the server's own list of queries says what is expected; the test's time limit ends a wait that never does.
    private func waitForSleeper(in database: String, on server: PostgresServer, present: Bool) async throws {
        let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(database)' AND state = 'active' AND query LIKE '%pg_sleep%'"
        while try await server.psql(query) != (present ? "1" : "0") { try Task.checkCancellation() }
    }

    @Test(.timeLimit(.minutes(5)))
    func aServerThatFallsSilentDuringACopyIsAStall() async throws {
        let server = try await SharedServers.shared.server()
        try await withFaultProxy(to: server.port, .stall(afterBytes: 300_000)) { proxy in
            let connection = try await PostgresConnection.open(
                ConnectionTarget(url: server.url(port: proxy.port)), applicationName: "tests", stallLimit: .seconds(4))
            try await connection.beginCopyOut(Array("COPY (SELECT generate_series(1, 1000000)) TO STDOUT".utf8))
            let error = await #expect(throws: BackupError.self) { _ = try await connection.copyRows { _ in true } }
            #expect(error?.code == .stalled)
        }
    }

    @Test func aConnectionCutDuringACopyIsAnErrorAndNotAnEnd() async throws {
        let server = try await SharedServers.shared.server()
        try await withFaultProxy(to: server.port, .cut(afterBytes: 300_000)) { proxy in
            let connection = try await open(server.url(port: proxy.port))
            try await connection.beginCopyOut(Array("COPY (SELECT generate_series(1, 1000000)) TO STDOUT".utf8))
            let error = await #expect(throws: BackupError.self) { _ = try await connection.copyRows { _ in true } }
            #expect(error?.code == .sourceUnreachable)
        }
    }

    @Test func whatIsCopiedInIsCountedByTheServer() async throws {
        try await withDatabase { server, database in
            let connection = try await open(server.url(database: database))
            try await connection.execute("CREATE TABLE t (a int, b text)")
            try await connection.beginCopyIn(Array("COPY t FROM STDIN".utf8))
            for number in 1...50_000 { try await connection.sendCopyData(Array("\(number)\tтекст \(number)\n".utf8)) }
            #expect(try await connection.endCopyIn() == 50_000)
            #expect(try await connection.rows("SELECT sum(a) FROM t") == [["1250025000"]])
            await connection.close()
        }
    }

    @Test func aMalformedRowFailsTheCopyAndTheConnectionGoesOn() async throws {
        try await withDatabase { server, database in
            let connection = try await open(server.url(database: database))
            try await connection.execute("CREATE TABLE t (a int)")
            try await connection.beginCopyIn(Array("COPY t FROM STDIN".utf8))
            try await connection.sendCopyData(Array("not a number\n".utf8))
            let error = await #expect(throws: BackupError.self) { _ = try await connection.endCopyIn() }
            #expect((error?.cause as? PostgresError)?.sqlState == "22P02")
            #expect(try await connection.rows("SELECT count(*) FROM t") == [["0"]])
            await connection.close()
        }
    }
}
