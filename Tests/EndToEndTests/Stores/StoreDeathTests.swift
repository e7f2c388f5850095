import BackupTestKit
import Foundation
import Testing

/// `STORE_DEATH_ROUNDS=100 swift test --filter StoreDeathTests` kills a hundred runs.
@Suite("A run with three stores that is killed")
struct StoreDeathTests {
    private static let rounds = ProcessInfo.processInfo.environment["STORE_DEATH_ROUNDS"].flatMap(Int.init) ?? 8

    @Test("at any moment never leaves a point that cannot be restored, and the stores do not fill with what it left")
    func killed() async throws {
        try await withThreeStores(mebibytes: 20) { _, database, stores in
            let clock = ContinuousClock()
            let whole = try await clock.measure { try await stores.admin.command("db", "backup", "--database", database).output() }
            var random = SystemRandomNumberGenerator()
            for round in 0..<Self.rounds {
                let moment = whole * Double.random(in: 0.02...1, using: &random)
                _ = try await stores.admin.command("db", "backup", "--database", database).outcome { program in
                    // The moment is what is drawn by lot here; there is no condition to wait for.
                    try await clock.sleep(for: moment)
                    try? program.send(.kill)
                }
                try await stores.requireOnlyWholePoints("round \(round), killed after \(moment)")
            }
            try await stores.admin.command("db", "backup", "--database", database).output()
            try await stores.requireOnlyWholePoints("in the end")
            try await stores.awaitNothingElse()
            #expect(try await stores.admin.command("db", "sync").output() == "Every store has every backup it is to keep.\n")
        }
    }
}
