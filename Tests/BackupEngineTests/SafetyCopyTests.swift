import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import Redis
import SystemPackage
import Testing

@testable import BackupEngine

@Suite struct SafetyCopyTests {
    private func copy(
        of url: String, to folder: String, rate: ByteRate? = nil, clock: any Clock<Duration> = ContinuousClock()
    ) throws -> SafetyCopy {
        let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_000_000) }, clock: clock)
        let settings = RedisSettings(target: try RedisTarget(url: url), replicas: [], prefersReplicas: false)
        return SafetyCopy(
            settings: settings, stores: [LocalStore(root: folder)], recipients: [], storeLimits: TeeLimits(), stallTimeout: .seconds(20),
            rateLimit: rate, context: context, progress: { _ in })
    }

    @Test func savesEveryMasterOfACluster() async throws {
        try await withCluster { cluster in
            try await withTemporaryFolder { folder in
                let names = try await copy(of: cluster.url, to: folder.string).take()
                #expect(names.split(separator: ", ").count == 3)
                let files = try await Command("ls", [folder.string]).output()
                #expect(files.split(separator: "\n").count == 3)
            }
        }
    }

    /// The restore is not begun then, and copies of the others would only be in the way.
    @Test func twoOfOneSecondLieBesideEachOther() async throws {
        try await withRedis { server in
            try await withTemporaryFolder { folder in
                let first = try await copy(of: server.url(), to: folder.string).take()
                let second = try await copy(of: server.url(), to: folder.string).take()
                #expect(first != second)
                let files = try await Command("ls", [folder.string]).output()
                #expect(files.split(separator: "\n").count == 2)
            }
        }
    }

    @Test func whenOneMasterCannotBeSavedNothingIsKeptOfTheOthers() async throws {
        try await withCluster { cluster in
            try await cluster.masters[2].cli("ACL", "SETUSER", "default", "-psync")
            try await withTemporaryFolder { folder in
                let error = await #expect(throws: BackupError.self) { _ = try await copy(of: cluster.url, to: folder.string).take() }
                #expect(error?.code == .permissionDenied)
                let files = try await Command("ls", [folder.string]).output()
                #expect(files == "")
            }
        }
    }

    @Test func writesNoFasterThanBackupsMay() async throws {
        try await withRedis { server in
            try await server.fill(keys: 2000)
            try await withTemporaryFolder { folder in
                let clock = SteppingClock(limit: .seconds(600))
                _ = try await copy(of: server.url(), to: folder.string, rate: ByteRate(bytesPerSecond: 1000), clock: clock).take()
                #expect(clock.now.elapsed > .seconds(5))
            }
        }
    }
}
