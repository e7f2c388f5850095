import BackupModel
import BackupTestKit
import Testing

@testable import Postgres

@Suite("The place of a restore")
struct RestorePlaceTests {
    private static let damage = BackupError(.verificationFailed, "the dump is damaged")

    @Test("tells that it could not be cleaned, and what to do, beside why the restore failed")
    func remains() async throws {
        try await withDatabase { server, database in
            let place = RestorePlace(destination: .into(database), server: try server.target)
            let error = await #expect(throws: BackupError.self) {
                _ = try await PostgresConnection.with(try server.target, applicationName: "tests") { connection in
                    try await place.fill(over: connection) { _ in
                    } with: { _ in
                        // There is nothing to connect to any more.
                        try await server.psql("DROP DATABASE \(database)")
                        throw Self.damage
                    }
                }
            }
            #expect(error?.code == .verificationFailed && error?.leavesRemains == true)
            #expect(error?.message.hasPrefix("the dump is damaged; what was restored into \(database) could not be removed (") == true)
            #expect(error?.hint?.hasPrefix("Remove it by hand") == true)
            let told = try #require(error)
            #expect("\(told)" == told.message)
            // For whoever drops it after the test.
            try await server.psql("CREATE DATABASE \(database)")
        }
    }

    @Test("is as it was where it could be cleaned")
    func cleaned() async throws {
        try await withDatabase { server, database in
            let target = try server.target
            let place = RestorePlace(destination: .into(database), server: target)
            let error = await #expect(throws: BackupError.self) {
                _ = try await PostgresConnection.with(target, applicationName: "tests") { connection in
                    try await place.fill(over: connection) { _ in
                    } with: { _ in
                        try await server.psql("CREATE TABLE calls ()", database: database)
                        throw Self.damage
                    }
                }
            }
            #expect(error?.message == "the dump is damaged" && error?.leavesRemains == false)
            let object = try await EmptyDatabase(target: target.with(database: database)).firstObject()
            #expect(object == nil)
        }
    }
}
