import BackupCatalog
import BackupModel
import ObjectStores
import Testing

@Suite("Catalog")
struct CatalogTests {
    @Test("Recovery points are listed newest first")
    func order() async throws {
        try await withFolder { folder in
            for id in ["20260213T020000Z", "20260215T020000Z", "20260214T020000Z"] { try await folder.add(id) }
            let listing = try await folder.catalog.list()
            #expect(listing.points.map(\.id.description) == ["20260215T020000Z", "20260214T020000Z", "20260213T020000Z"])
            #expect(listing.points.map(\.condition) == [.notVerified, .notVerified, .notVerified])
            #expect(listing.unreadable.isEmpty && listing.orphans.isEmpty)
        }
    }

    @Test("Files deleted by hand are reported")
    func deleted() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260214T020000Z")
            try await folder.store.delete("call_center-20260214T020000Z.sql.gz")
            let point = try #require(try await folder.catalog.list().points.first)
            #expect(point.missing == ["call_center-20260214T020000Z.sql.gz"])
            #expect(point.condition == .missingFiles)
            #expect(try await folder.catalog.recoveryPoint(manifest.id) == point)
        }
    }

    @Test("Files of another size are reported")
    func resized() async throws {
        try await withFolder { folder in
            try await folder.add("20260214T020000Z")
            try await folder.store.update("call_center-20260214T020000Z.sql.gz") { _ in [1] }
            let point = try #require(try await folder.catalog.list().points.first)
            #expect(point.resized == ["call_center-20260214T020000Z.sql.gz"])
            #expect(point.condition == .changedFiles)
        }
    }

    @Test("Unreadable manifests are reported and their dumps become orphans")
    func unreadable() async throws {
        try await withFolder { folder in
            try await folder.add("20260213T020000Z")
            try await folder.add("20260214T020000Z")
            try await folder.store.update("20260214T020000Z.json") { _ in Array("{ torn".utf8) }
            let listing = try await folder.catalog.list()
            #expect(listing.points.map(\.id.description) == ["20260213T020000Z"])
            #expect(listing.unreadable.map(\.key) == ["20260214T020000Z.json"])
            #expect(listing.unreadable.first?.reason.contains("not a readable manifest") == true)
            #expect(listing.orphans.map(\.key) == ["call_center-20260214T020000Z.sql.gz"])
        }
    }

    @Test("A manifest under another's name is not believed")
    func misnamed() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260214T020000Z")
            try await folder.store.put("20260215T020000Z.json", bytes: try manifest.encoded())
            let listing = try await folder.catalog.list()
            #expect(listing.points.map(\.id) == [manifest.id])
            #expect(listing.unreadable.first?.reason.contains("is the manifest of 20260214T020000Z") == true)
            #expect(listing.unreadable.map(\.isOf) == [manifest.id] && listing.unreadable.map(\.tornIn) == [folder.store.name])
            let other = try #require(RecoveryPointID("20260215T020000Z"))
            let state = try await folder.catalog.manifestState(other)
            let stored = try Manifest.decode(try manifest.encoded(), name: "it")
            #expect(state == .misplaced(stored))
            let own = try await folder.catalog.manifestState(manifest.id)
            #expect(own == .sound)
        }
    }

    @Test("Foreign dumps without a manifest are listed as such")
    func orphans() async throws {
        try await withFolder { folder in
            for name in ["manual.sql.gz", "old.dump", "notes.txt", "other.json"] { try await folder.store.put(name, bytes: [1]) }
            let listing = try await folder.catalog.list()
            #expect(listing.orphans.map(\.key).sorted() == ["manual.sql.gz", "old.dump"])
            #expect(listing.points.isEmpty && listing.unreadable.isEmpty)
        }
    }

    @Test("What Redis held before restores is listed apart from dumps that belong nowhere")
    func safetyCopies() async throws {
        try await withFolder { folder in
            let id = try #require(RecoveryPointID("20260214T020000Z"))
            let names = [ArtifactName.beforeRestore(id), ArtifactName.beforeRestore(id, shard: 2)]
            for name in names + ["foreign.rdb.gz"] { try await folder.store.put(name, bytes: [1]) }
            let listing = try await folder.catalog.list()
            #expect(listing.safetyCopies.map(\.key).sorted() == names.sorted())
            #expect(listing.orphans.map(\.key) == ["foreign.rdb.gz"])
        }
    }

    @Test("A verdict is added and nothing else changes")
    func verdicts() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260214T020000Z")
            let dump = try #require(manifest.artifacts.first)
            func verdict(_ passed: Bool, after seconds: Int64) -> Verification {
                Verification(
                    artifact: dump.key, level: .quick, at: manifest.finishedAt + .seconds(seconds), seconds: 1, passed: passed,
                    reasons: ["r"]
                )
            }
            try await folder.catalog.record(verdict(true, after: 1), for: manifest.id)
            #expect(try await folder.catalog.recoveryPoint(manifest.id).condition == .checked)
            try await folder.catalog.record(verdict(false, after: 2), for: manifest.id)
            let point = try await folder.catalog.recoveryPoint(manifest.id)
            #expect(point.condition == .verificationFailed)
            var expected = manifest
            expected.verifications = [verdict(true, after: 1), verdict(false, after: 2)]
            #expect(point.manifest == expected)
        }
    }

    @Test("Only what was restored is verified, until it is found damaged")
    func depths() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260214T020000Z")
            let dump = try #require(manifest.artifacts.first)
            let verdicts: [(Verification.Level, Bool, RecoveryPoint.Condition)] = [
                (.content, true, .checked), (.restore, true, .verified), (.quick, true, .verified), (.quick, false, .verificationFailed),
                (.content, true, .checked), (.restore, true, .verified), (.restore, false, .verificationFailed),
                (.quick, true, .verificationFailed), (.content, true, .verificationFailed), (.restore, true, .verified),
            ]
            for (number, (level, passed, condition)) in verdicts.enumerated() {
                let verdict = Verification(
                    artifact: dump.key, level: level, at: manifest.finishedAt + .seconds(Int64(number)), seconds: 1, passed: passed,
                    reasons: [], durations: level == .restore ? ProofDurations([.restore: 21.5]) : nil)
                try await folder.catalog.record(verdict, for: manifest.id)
                #expect(try await folder.catalog.recoveryPoint(manifest.id).condition == condition, "\(number)")
            }
            let proof = try #require(try await folder.catalog.recoveryPoint(manifest.id).lastProof)
            #expect(proof.at == manifest.finishedAt + .seconds(9) && proof.recovery == .milliseconds(21_500))
        }
    }

    @Test("Damage of the script of roles is damage, and a restore of a part verifies nothing")
    func otherFiles() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260214T020000Z")
            func verdict(_ artifact: Artifact, _ passed: Bool, isPartial: Bool = false) -> Verification {
                Verification(
                    artifact: artifact.key, level: .restore, at: manifest.finishedAt, seconds: 1, passed: passed, reasons: [],
                    isPartial: isPartial, durations: ProofDurations([.restore: 1]))
            }
            try await folder.catalog.record(verdict(manifest.artifacts[0], true, isPartial: true), for: manifest.id)
            let point = try await folder.catalog.recoveryPoint(manifest.id)
            #expect(point.condition == .checked && point.lastProof == nil)
            try await folder.catalog.record(verdict(manifest.artifacts[1], false), for: manifest.id)
            #expect(try await folder.catalog.recoveryPoint(manifest.id).condition == .verificationFailed)
        }
    }

    @Test("A suspicious backup stays so until it is accepted, once")
    func acceptance() async throws {
        try await withFolder { folder in
            var manifest = try await folder.add("20260214T020000Z")
            let acceptance = Suspicion.Acceptance(at: manifest.finishedAt, reason: "archived")
            let refusal = await #expect(throws: BackupError.self) { try await folder.catalog.accept(manifest.id, acceptance) }
            #expect(refusal?.code == .invalidUsage)
            manifest.suspicion = Suspicion(reasons: ["the table public.calls has shrunk"])
            let doubted = try manifest.encoded()
            try await folder.store.update(ArtifactName.manifest(manifest.id)) { _ in doubted }
            #expect(try await folder.catalog.recoveryPoint(manifest.id).condition == .suspicious)
            try await folder.catalog.accept(manifest.id, acceptance)
            let point = try await folder.catalog.recoveryPoint(manifest.id)
            #expect(point.condition == .notVerified && point.manifest.suspicion?.accepted == acceptance)
            await #expect(throws: BackupError.self) { try await folder.catalog.accept(manifest.id, acceptance) }
        }
    }

    @Test("Verdicts recorded at the same moment are all there afterwards")
    func simultaneousVerdicts() async throws {
        try await withFolder { folder in
            let manifest = try await folder.add("20260214T020000Z")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    let verdict = Verification(
                        artifact: "a", level: .quick, at: manifest.finishedAt, seconds: Double(number), passed: true, reasons: [])
                    group.addTask { try await Catalog(store: LocalStore(root: folder.store.root)).record(verdict, for: manifest.id) }
                }
                try await group.waitForAll()
            }
            let recorded = try await folder.catalog.recoveryPoint(manifest.id).manifest.verifications
            #expect(recorded.map(\.seconds).sorted() == (0..<40).map(Double.init))
        }
    }
}
