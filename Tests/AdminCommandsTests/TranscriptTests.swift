import BackupCatalog
import BackupModel
import BackupTestKit
import Foundation
import ObjectStores
import SystemPackage
import Testing

@testable import AdminCommands

@Suite("Transcripts of the command line")
struct TranscriptTests {
    @Test(
        "Commands answer as written down",
        arguments: [
            "help", "usage", "empty", "list-and-show", "damage", "settings", "keys", "storage", "retention", "unreachable", "restore",
            "alerts",
        ])
    func transcript(name: String) async throws {
        try await withTemporaryFolder { folder in
            try await prepare(folder.string)
            let transcript = try Transcript(name)
            var played: [Transcript.Exchange] = []
            for expected in transcript.exchanges {
                let actual = await Transcript.play(expected.command, folder: folder.string) { session($0, $1, folder.string) }
                #expect(actual.text == expected.text, "\(expected.command)")
                played.append(actual)
            }
            if ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"] != nil { try transcript.record(played) }
        }
    }

    /// `whole` holds two recovery points, the older one verified; in `damaged` files are missing, torn and foreign; in
    /// `torn` there is nothing but a manifest that cannot be read; `partly` lacks a database; in `sealed` is a file nobody here can open.
    private func prepare(_ folder: String) async throws {
        for part in ["whole", "damaged"] {
            let store = LocalStore(root: folder + "/" + part)
            try await RecoveryPointFixture(store: store).add("20260213T020000Z", isVerified: true)
            try await RecoveryPointFixture(store: store).add("20260214T020000Z", isVerified: false)
        }
        let damaged = LocalStore(root: folder + "/damaged")
        try await damaged.delete("call_center-20260213T020000Z.sql.gz")
        try await damaged.delete("20260214T020000Z.json")
        try await damaged.put("20260214T020000Z.json", bytes: Array("{ torn".utf8))
        try await Command("touch", ["-d", "2026-02-14T02:00:00Z", folder + "/damaged/call_center-20260214T020000Z.sql.gz"]).output()
        try await Command("mkdir", [folder + "/empty"]).output()
        // However this machine starts its servers.
        try await Command("touch", [folder + "/compose.yaml"]).output()
        for id in ["20251224T020000Z", "20251225T020000Z", "20260212T020000Z", "20260213T020000Z", "20260214T020000Z"] {
            try await RecoveryPointFixture(store: LocalStore(root: folder + "/old")).add(id, isVerified: true)
        }
        let sealed = Array("age-encryption.org/v1\nsealed\n".utf8)
        try await LocalStore(root: folder + "/sealed").put("call_center-20260214T020000Z.sql.gz.age", bytes: sealed)
        try await LocalStore(root: folder + "/torn").put("20260214T020000Z.json", bytes: Array("{ torn".utf8))
        try await RecoveryPointFixture(store: LocalStore(root: folder + "/partly")).add(
            "20260214T020000Z", isVerified: true, lacking: "billing")
    }

    private func session(_ console: Console, _ environment: [String: String], _ folder: String) -> Session {
        let settings = [
            "BACKUP_DIR": folder + "/whole", "DATABASE_URL": "postgres://dba:s3cret@127.0.0.1:1/orders", "BACKUP_ENV_FILE": "/dev/null",
        ]
        let context = RunContext(
            now: { Instant(secondsSinceEpoch: 1_771_045_200) }, clock: StillClock(),
            environment: settings.merging(environment) { $1 },
            home: "/home/dba", currentFolder: folder, processors: 2
        )
        return Session(context: context, console: console)
    }
}

/// Recovery points made without any server.
struct RecoveryPointFixture {
    let store: LocalStore

    func add(_ text: String, isVerified: Bool, lacking: String? = nil) async throws {
        let id = try #require(RecoveryPointID(text))
        let begin = try #require(id.instant)
        let key = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
        try await store.put(key, bytes: [UInt8](repeating: 7, count: 4096))
        try await store.put(ArtifactName.globals(id), bytes: Array("-- roles\n".utf8))
        let dump = Artifact(
            key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 4096, sha256: "00", tables: 12,
            rows: 9_000_000
        )
        let globals = Artifact(key: ArtifactName.globals(id), kind: .globals, format: .sql, bytes: 9, sha256: "00")
        let snapshot = DatabaseSnapshot(database: "call_center", snapshot: "00000003-1", lsn: "0/16B3748", takenAt: begin)
        let verdict = Verification(
            artifact: key, level: .content, at: begin + .seconds(60), seconds: 1.5, passed: true, reasons: ["every row has its digest"]
        )
        let manifest = Manifest(
            id: id, startedAt: begin, finishedAt: begin + .milliseconds(9200), tool: "call-center-backup 0.1.0",
            artifacts: [dump, globals],
            postgres: PostgresFacts(
                serverVersion: "17.11", systemIdentifier: "7300000000000000001", isStandby: false, snapshots: [snapshot]),
            stores: [StoreCopy(store: "/backups", storedAt: begin)], verifications: isVerified ? [verdict] : [],
            lacking: lacking.map { [MissingPart(kind: .postgresDump, database: $0, reason: "there is no such database")] } ?? []
        )
        try await Catalog(store: store).publish(manifest)
        try await LatestAliases(store: store, now: RunContext.live().now()).follow(manifest)
    }
}
