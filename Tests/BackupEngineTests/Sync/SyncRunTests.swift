import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import Testing

@testable import BackupEngine

@Suite("Giving stores what they lack")
struct SyncRunTests {
    /// Two folders, of which the first has a backup of two files.
    private func withStores(_ body: (SyncRun, _ full: LocalStore, _ lacking: LocalStore) async throws -> Void) async throws {
        try await withMachine(environment: ["BACKUP_DIR": "full", "BACKUP_RETENTION_DAYS": "0"]) { machine in
            let configuration = try await machine.load()
            try await Command("mkdir", [machine.folder + "/lacking"]).output()
            let (full, lacking) = (LocalStore(root: machine.folder + "/full"), LocalStore(root: machine.folder + "/lacking"))
            let (id, now) = (RecoveryPointID(at: machine.context.now()), machine.context.now())
            var manifest = Manifest(id: id, startedAt: now, finishedAt: now, artifacts: [])
            for (database, size) in [("calls", 5), ("billing", 7)] {
                let (key, bytes) = (ArtifactName.dump(of: database, id: id, format: .gzippedSQL), [UInt8](repeating: 1, count: size))
                try await full.put(key, bytes: bytes)
                let digest = try await full.open(key).summary().sha256
                manifest.artifacts.append(
                    Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: database, bytes: Int64(size), sha256: digest))
            }
            try await Catalog(store: full).publish(manifest)
            let catalogs = Catalogs([Catalog(store: full), Catalog(store: lacking)])
            let run = SyncRun(configuration, catalogs: catalogs, refillsEmptied: true, context: machine.context, progress: { _ in })
            try await body(run, full, lacking)
        }
    }

    @Test("What lay there already is not counted as copied: all, one file, or the manifest alone was lacking", arguments: [2, 1, 0])
    func copied(lackingFiles: Int) async throws {
        try await withStores { run, full, lacking in
            let files = try await full.list().filter { $0.key.hasSuffix(".sql.gz") }
            for file in files.dropFirst(lackingFiles) { try await lacking.put(file.key, bytes: try await full.read(file.key)) }
            let result = try await run()
            #expect(result.isComplete, "\(result)")
            #expect(result.outcomes.map(\.copiedBytes) == [files.prefix(lackingFiles).reduce(0) { $0 + $1.bytes }])
            #expect(try await lacking.list().map(\.key) == full.list().map(\.key))
        }
    }
}
