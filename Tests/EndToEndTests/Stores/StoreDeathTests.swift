import BackupCatalog
import BackupModel
import BackupTestKit
import Foundation
import ObjectStores
import Testing

/// `make test-deaths` kills a hundred runs.
@Suite("A run with three stores that is killed")
struct StoreDeathTests {
    private static let rounds = ProcessInfo.processInfo.environment["STORE_DEATH_ROUNDS"].flatMap(Int.init) ?? 6

    @Test("at any moment never leaves a point that cannot be restored, and the stores do not fill with what it left")
    func killed() async throws {
        try await withThreeStores(mebibytes: 20) { server, database, stores in
            let clock = ContinuousClock()
            let whole = try await clock.measure { try await stores.admin.command("db", "backup", "--database", database).output() }
            let first = try #require(try await Catalog(store: stores.local).list().points.first)
            var leftovers = StoreLeftovers(filesOfOneRun: first.manifest.artifacts.count + 1)
            var random = SystemRandomNumberGenerator()
            for round in 0..<Self.rounds {
                let moment = whole * Double.random(in: 0.02...1, using: &random)
                _ = try await stores.admin.command("db", "backup", "--database", database).outcome { program in
                    // The moment is what is drawn by lot here; there is no condition to wait for.
                    try await clock.sleep(for: moment)
                    try? program.send(.kill)
                }
                let place = "round \(round), killed after \(moment)"
                try await stores.requireOnlyWholePoints(place)
                try await leftovers.requireOneRunAtMost(stores, place)
                // Last, as it is a run that would clean up.
                try await stores.requireNewestVerified(place)
            }
            try await stores.admin.command("db", "backup", "--database", database).output()
            try await stores.requireOnlyWholePoints("in the end")
            try await stores.awaitNothingElse()
            #expect(try await stores.admin.command("db", "sync").output() == "Every store has every backup it is to keep.\n")
            try await stores.requireReadable()
            try await requireRestorable(database, server, stores)
        }
    }

    /// One of the points, from one of the stores: which is drawn by lot, as all of them have to be.
    private func requireRestorable(_ database: String, _ server: PostgresServer, _ stores: ThreeStores) async throws {
        let store = try #require(stores.all.randomElement())
        let dump = try #require(try await Catalog(store: store).list().points.randomElement()?.dumps.first)
        let copy = "copy_\(UInt32.random(in: .min ... .max))"
        let outcome = try await stores.admin.command("db", "restore", "\(store.name)/\(dump.key)", "--into", copy).outcome()
        #expect(outcome.status == 0, "\(store.name): \(outcome)")
        let rows = try await server.psql("SELECT count(*) FROM calls", database: copy)
        try await server.dropDatabase(copy)
        #expect(rows == (try await server.psql("SELECT count(*) FROM calls", database: database)))
    }
}
