import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import Postgres
import Redis
import SystemPackage
import Testing

@testable import BackupEngine

/// Whatever a server does in whatever phase of a copy: its own message, and nothing in the store that looks like a backup.
@Suite struct RedisBackupFaultTests {
    enum Phase: String, CaseIterable {
        case login = "AUTH"
        case look = "INFO"
        case introduction = "REPLCONF"
        case request = "PSYNC"
        case preparation, transfer
    }

    enum Fault: String, CaseIterable {
        case dies, stalls
        case noauth = "NOAUTH Authentication required."
        case noperm = "NOPERM this user has no permissions"
        case loading = "LOADING Redis is loading the dataset in memory"
        case masterdown = "MASTERDOWN Link with MASTER is down"
        case error = "ERR something else"
    }

    private static let resync = "+FULLRESYNC \(String(repeating: "a", count: 40)) 7\r\n"

    private func acts(_ phase: Phase, _ fault: Fault) -> [String: [ScriptedRedis.Act]] {
        let last: [ScriptedRedis.Act] =
            switch fault {
            case .dies: [.close]
            case .stalls: []
            default: [.send("-\(fault.rawValue)\r\n")]
            }
        switch phase {
        case .preparation: return ["PSYNC": [.send(Self.resync)] + last]
        case .transfer: return ["PSYNC": [.send(Self.resync + "$1000\r\nREDIS0010")] + last]
        default: return [phase.rawValue: last]
        }
    }

    /// In the middle of a file there are no replies any more, and what is denied of INFO is done without.
    private static func faults(in phase: Phase) -> [Fault] {
        switch phase {
        case .transfer: [.dies, .stalls]
        case .look: [.dies]
        // How long a server may be silent before it has been asked for the copy is not a setting.
        case .login, .introduction: Fault.allCases.filter { $0 != .stalls }
        case .request, .preparation: Fault.allCases
        }
    }

    @Test(arguments: Phase.allCases) func everyFaultHasItsMessageAndLeavesNothing(phase: Phase) async throws {
        var messages: Set<String> = []
        for fault in Self.faults(in: phase) {
            let message = try await withScriptedRedis(acts(phase, fault)) { server in
                try await failure(at: server.url.replacing("redis://", with: "redis://:secret@"))
            }
            let text = message.replacing(/127\.0\.0\.1:\d+/, with: "there")
            #expect(messages.insert(text).inserted, "\(fault): \(text)")
            #expect(!text.contains("secret"))
            if fault.rawValue.contains(" ") { #expect(text.contains(fault.rawValue), "\(fault): \(text)") }
        }
        #expect(messages.count == Self.faults(in: phase).count)
    }

    private func failure(at url: String) async throws -> String {
        let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_000_000) })
        let settings = RedisSettings(target: try RedisTarget(url: url), replicas: [], prefersReplicas: false)
        return try await withTemporaryFolder { folder in
            let request = BackupRequest(
                server: ConnectionTarget(), databases: [], redis: settings, jobs: 1, stallTimeout: .seconds(2))
            let writer = ArtifactWriter(
                Tee(stores: [LocalStore(root: folder.string)]), id: RecoveryPointID(at: context.now()),
                journal: RunJournal(folder: folder.string + "/.state"), rateLimit: nil, clock: ContinuousClock())
            let meeting = InstantMeeting()
            meeting.postgresIsDone()
            let outcome = try await RedisBackup(request: request, context: context, progress: { _ in })
                .save(RecoveryPointID(at: context.now()), to: writer, meeting)
            #expect(outcome.artifacts.isEmpty && outcome.redis.isEmpty)
            let files = try await Command("ls", [folder.string]).output()
            #expect(files.isEmpty)
            return "\(try #require(outcome.failures.first).error)"
        }
    }
}
