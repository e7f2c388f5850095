import BackupCatalog
import BackupModel
import BackupReports
import BackupTestKit
import Doctor
import ObjectStores
import Testing

@testable import BackupEngine

@Suite("The doctor's advice to restore a database that is gone")
struct RestoreAdviceTests {
    private static let id = "20260214T020000Z"

    private static func key(_ database: String) -> String { "\(database)-\(id).sql.gz" }

    /// One backup of these databases.
    private func withBackup(of databases: [String], _ body: (BackupLocator, LocalStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: "\(folder)/backups")
            let id = try #require(RecoveryPointID(Self.id))
            let begin = try #require(id.instant)
            var artifacts: [Artifact] = []
            for database in databases {
                try await store.put(Self.key(database), bytes: [1, 2, 3])
                artifacts.append(
                    Artifact(
                        key: Self.key(database), kind: .postgresDump, format: .gzippedSQL, database: database, bytes: 3, sha256: "00"))
            }
            try await Catalog(store: store).publish(Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: artifacts))
            let context = RunContext(now: { begin + .seconds(3600) })
            try await body(BackupLocator(catalogs: Catalogs([Catalog(store: store)]), context: context), store)
        }
    }

    /// What the doctor would have restored.
    private func restored(_ database: String, _ locator: BackupLocator) async throws -> String {
        let now = locator.context.now()
        var facts = Examination(
            now: now, surroundings: Surroundings(.systemd, postgres: .init(host: "localhost", port: 5432)),
            configuration: ConfigurationCondition(given: 7))
        facts.service = ServiceFacts(
            now: now, host: "db-1", targets: [.postgres],
            schedule: ScheduleFacts(expression: "0 2 * * *", zone: "UTC", interval: .seconds(86_400), grace: .seconds(7200)),
            points: try await locator.catalogs.list().points)
        facts.postgres = PostgresCondition(
            server: .known(.init(version: "17.6")),
            databases: [.init(name: database, contents: .troubled(Trouble(.databaseMissing, "there is no \(database)")))],
            programs: .known(.init(folder: "/usr/lib/postgresql/17/bin", major: 17, minor: 11)))
        let finding = try #require(Diagnose()(facts).first { $0.code == .databaseMissing })
        let commands = finding.remedy.alternatives.flatMap(\.commands)
        let words = try #require(commands.first { $0.contains(" db restore ") }).split(separator: " ")
        #expect(words.suffix(2) == ["--into", Substring(database)])
        return String(words[3])
    }

    @Test("names what is restored: the backup where it holds that database alone, and its file where it holds several")
    func located() async throws {
        try await withBackup(of: ["call_center"]) { locator, store in
            let named = try await restored("call_center", locator)
            #expect(named == Self.id)
            let dump = try await locator.dump(of: named)
            #expect(dump.path == "\(store.root)/\(Self.key("call_center"))")
        }
        try await withBackup(of: ["call_center", "crm"]) { locator, store in
            for database in ["call_center", "crm"] {
                let named = try await restored(database, locator)
                let dump = try await locator.dump(of: named)
                #expect(dump.path == "\(store.root)/\(Self.key(database))")
            }
        }
    }
}
