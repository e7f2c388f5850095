import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage

/// A folder with recovery points in it, made without any database.
struct Folder {
    let store: LocalStore
    var catalog: Catalog { Catalog(store: store) }

    /// Stores one recovery point per id, each with a dump of `databases` and the globals.
    @discardableResult
    func add(
        _ text: String, databases: [String] = ["call_center"], format: Artifact.Format = .gzippedSQL, main: String? = nil,
        isEncrypted: Bool = false
    ) async throws -> Manifest {
        guard let id = RecoveryPointID(text), let begin = id.instant else { throw BackupError(.failed, "no id: \(text)") }
        var artifacts: [Artifact] = []
        for database in databases {
            let plain = ArtifactName.dump(of: database, id: id, format: format)
            let key = isEncrypted ? ArtifactName.encrypted(plain) : plain
            try await store.put(key, bytes: Array("dump".utf8))
            artifacts.append(
                Artifact(key: key, kind: .postgresDump, format: format, database: database, bytes: 4, sha256: "00", tables: 1, rows: 2))
        }
        try await store.put(ArtifactName.globals(id), bytes: Array("roles".utf8))
        artifacts.append(Artifact(key: ArtifactName.globals(id), kind: .globals, format: .sql, bytes: 5, sha256: "00"))
        let manifest = Manifest(id: id, startedAt: begin, finishedAt: begin + .seconds(9), artifacts: artifacts)
        try await catalog.publish(manifest)
        try await LatestAliases(store: catalog.store, now: RunContext.live().now()).follow(manifest, database: main)
        return manifest
    }

    func path(_ key: String) -> String { store.root + "/" + key }
}

func withFolder(_ body: (Folder) async throws -> Void) async throws {
    try await withTemporaryFolder { path in try await body(Folder(store: LocalStore(root: path.string))) }
}
