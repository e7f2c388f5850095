import BackupModel
import BackupTestKit
import Doctor
import Postgres
import Testing

@testable import BackupEngine

@Suite("A look at PostgreSQL")
struct PostgresLookTests {
    private static func lockStranger(_ configuration: BackupConfiguration, _ server: PostgresServer) async throws -> LockSession? {
        let look = PostgresLook(
            configuration: configuration,
            looking: Looking(limit: .seconds(60), clock: ContinuousClock(), threads: LookingThreads()),
            place: .init(host: server.host, port: server.port), now: { Instant(secondsSinceEpoch: 1_771_034_400) })
        let database = try #require(await look().databases.first)
        return try #require(database.contents.value, "\(database.contents)").lockStranger
    }

    @Test("A run is no stranger, whatever name the URL gives its sessions; another session that has the same lock is")
    func lockStranger() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            let url = "\(server.url(database: database))?application_name=crm"
            try await withMachine(environment: ["DATABASE_URL": url, "BACKUP_DIR": "backups"]) { machine in
                let configuration = try await machine.load()
                let found = SourceLock(configuration, context: machine.context, progress: { _ in })
                let lock = try #require(found)
                let ours = try await lock.withLock { try await Self.lockStranger(configuration, server) }
                #expect(ours == nil)
            }
        }
    }

    @Test("A session that is no run is named as the URL names it")
    func stranger() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            let url = "\(server.url(database: database))?application_name=crm"
            try await withMachine(environment: ["DATABASE_URL": url, "BACKUP_DIR": "backups"]) { machine in
                let configuration = try await machine.load()
                try await PostgresConnection.with(configuration.source, applicationName: "call-center-backup on db-1") { connection in
                    let isTaken = try await AdvisoryLock(over: connection).tryTake()
                    #expect(isTaken)
                    let found = try await Self.lockStranger(configuration, server)
                    #expect(found?.application == "crm")
                }
            }
        }
    }
}
