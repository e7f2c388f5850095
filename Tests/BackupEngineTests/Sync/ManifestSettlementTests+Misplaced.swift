import BackupCatalog
import BackupModel
import BytePipeline
import ObjectStores
import Testing

@testable import BackupEngine

/// Manifests of one backup that lie under the name of another.
extension ManifestSettlementTests {
    /// The manifest of the day before, of which the first store has the dump as well.
    private func older(_ store: LocalStore) async throws -> Manifest {
        let id = try #require(RecoveryPointID("20260213T020000Z"))
        let key = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
        try await store.put(key, bytes: [5, 6])
        let begin = try #require(id.instant)
        return Manifest(
            id: id, startedAt: begin, finishedAt: begin,
            artifacts: [
                Artifact(
                    key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 2,
                    sha256: try await store.open(key).summary().sha256)
            ])
    }

    @Test("One of another backup is written over once the files prove the other store's; the only one gets its own name first")
    func misplaced() async throws {
        try await withStores(2) { stores, sync in
            let older = try await older(stores[0])
            let stray = try older.encoded()
            try await stores[0].update(Self.manifest) { _ in stray }
            #expect(try await Catalog(store: stores[0]).list().unreadable.map(\.isOf) == [older.id])
            #expect(try await sync.plan().gaps.map(\.target) == [stores[0].name])
            let result = try await sync()
            #expect(result.failure == nil, "\(result.failure as Any)")
            let found = try await manifests(in: stores)
            #expect(found[0].agrees(with: found[1]))
            #expect(try await Catalog(store: stores[0]).recoveryPoint(older.id).manifest.agrees(with: older))
        }
    }

    @Test("One of another backup that has no file any more is not brought back")
    func misplacedOfNothing() async throws {
        try await withStores(2) { stores, sync in
            let older = try await older(stores[0])
            try await stores[0].delete(older.artifacts[0].key)
            let stray = try older.encoded()
            try await stores[0].update(Self.manifest) { _ in stray }
            try await requireSettled(stores, sync)
            #expect(try await !stores[0].list().map(\.key).contains(ArtifactName.manifest(older.id)))
        }
    }

    @Test("It is not lost either where its own name is taken by what cannot be read: that is for a person")
    func misplacedAndTaken() async throws {
        try await withStores(2) { stores, sync in
            let older = try await older(stores[0])
            let (name, stray) = (ArtifactName.manifest(older.id), try older.encoded())
            try await stores[0].put(name, bytes: Array("{ torn".utf8))
            try await stores[0].update(Self.manifest) { _ in stray }
            let failure = try #require(try await sync().failure)
            #expect(failure.hint?.hasPrefix("Put \(name) aside") == true, "\(failure)")
            #expect(try await stores[0].read(Self.manifest) == stray)
        }
    }

    @Test("Nor where another manifest of its backup has its name: which of the two is right is for a person")
    func misplacedAndContradicted() async throws {
        try await withStores(2) { stores, sync in
            let older = try await older(stores[0])
            var other = older
            other.startedAt = other.startedAt + .seconds(1)
            let (name, stray) = (ArtifactName.manifest(older.id), try older.encoded())
            try await stores[0].put(name, bytes: try other.encoded())
            try await stores[0].update(Self.manifest) { _ in stray }
            let result = try await sync()
            let failure = try #require(result.failure)
            let advice = "Put \(name) aside where they are not, and \(Self.manifest) where they are"
            #expect(failure.hint?.contains(advice) == true, "\(failure)")
            let left = try await stores[0].read(Self.manifest)
            #expect(left == stray)
        }
    }

    @Test("What another store has under its name is not it where it says something else: it gets its own name all the same")
    func misplacedAndContradictedElsewhere() async throws {
        try await withStores(2) { stores, sync in
            let older = try await older(stores[0])
            var other = older
            other.startedAt = other.startedAt + .seconds(1)
            try await stores[1].put(older.artifacts[0].key, bytes: [5, 6])
            try await stores[1].put(ArtifactName.manifest(older.id), bytes: try other.encoded())
            let stray = try older.encoded()
            try await stores[0].update(Self.manifest) { _ in stray }
            _ = try await sync()
            let kept = try await Catalog(store: stores[0]).recoveryPoint(older.id)
            #expect(kept.manifest.agrees(with: older))
        }
    }
}
