import BackupModel
import BackupTestKit
import ObjectStores
import Testing

@testable import BackupEngine

@Suite("Stores a configuration means")
struct ConfiguredStoresTests {
    @Test("The rate that is set for the folder is the rate it is written at", arguments: [nil, "100kB/s"] as [String?])
    func rateLimit(rate: String?) async throws {
        var environment = ["BACKUP_DIR": "backups"]
        environment["BACKUP_DIR_RATE_LIMIT"] = rate
        try await withMachine(environment: environment) { machine in
            let clock = SteppingClock()
            let context = RunContext(now: { Instant(secondsSinceEpoch: 0) }, clock: clock)
            let store = try #require(try ConfiguredStores(try await machine.load(), context: context).all.first)
            try await store.put("a", bytes: [UInt8](repeating: 1, count: 400_000))
            #expect(try await store.list().map(\.bytes) == [400_000])
            // A quarter of a second's worth goes at once.
            let (waited, bounds) = (clock.now.elapsed, Duration.milliseconds(3700)..<Duration.milliseconds(3800))
            #expect(rate == nil ? waited == .zero : bounds.contains(waited), "\(waited)")
        }
    }
}
