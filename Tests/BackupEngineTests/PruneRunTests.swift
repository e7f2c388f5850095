import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import Testing

@testable import BackupEngine

@Suite("Pruning")
struct PruneRunTests {
    /// A machine whose folder holds backups of that many days, all checked.
    private func withBackups(
        _ days: Int, _ settings: [String: String] = [:], _ body: (Machine, Catalog, BackupConfiguration) async throws -> Void
    ) async throws {
        let environment = ["BACKUP_DIR": "backups", "BACKUP_RETENTION_PROOF": "content"].merging(settings) { $1 }
        try await withMachine(environment: environment) { machine in
            let configuration = try await machine.load()
            let catalog = Catalog(store: LocalStore(root: try #require(configuration.backupFolder)))
            for day in 0..<days { try await add(to: catalog, at: machine.context.now() + .seconds(-86_400 * day - 60)) }
            try await body(machine, catalog, configuration)
        }
    }

    private func add(to catalog: Catalog, at time: Instant) async throws {
        let id = RecoveryPointID(at: time)
        let key = ArtifactName.dump(of: "call_center", id: id, format: .gzippedSQL)
        try await catalog.store.put(key, bytes: [1, 2, 3])
        let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 3, sha256: "00")
        let verdict = Verification(artifact: key, level: .content, at: time, seconds: 1, passed: true, reasons: [])
        try await catalog.publish(Manifest(id: id, startedAt: time, finishedAt: time, artifacts: [dump], verifications: [verdict]))
    }

    @Test("It removes what no rule keeps, and a second time nothing")
    func pruning() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let run = PruneRun(configuration, catalogs: [catalog], context: machine.context)
            var dry = PruneRun.Order()
            dry.isDryRun = true
            let planned = try await run(dry)
            #expect(planned.map(\.bytes) == [30])
            #expect(try await catalog.list().points.count == 40)
            let done = try await run(PruneRun.Order())
            #expect(done[0].results.count == 10 && done[0].bytes == 30 && done[0].failure == nil)
            #expect(done[0].results.values.allSatisfy { $0 == .removed(bytes: 3) })
            #expect(try await catalog.store.list().count == 60)
            #expect(try await run(PruneRun.Order())[0].results.isEmpty)
        }
    }

    @Test("Nothing is removed, and nothing finished, while a manifest cannot be read; then as ever")
    func unreadable() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let (begun, key) = try await leftover(in: catalog, machine)
            let dump = Artifact(key: key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: 1, sha256: "00")
            let manifest = Manifest(id: begun, startedAt: machine.context.now(), finishedAt: machine.context.now(), artifacts: [dump])
            try await catalog.store.put(ArtifactName.tombstone(begun), bytes: try manifest.encoded())
            let torn = "20200101T000000Z.json"
            try await catalog.store.put(torn, bytes: [1])
            let run = PruneRun(configuration, catalogs: [catalog], context: machine.context)
            let frozen = try await run(PruneRun.Order())[0]
            #expect(frozen.results.isEmpty && frozen.plan.removed.isEmpty && frozen.failure == nil)
            #expect(frozen.plan.freezes.map(\.reason) == ["nothing is removed while a manifest cannot be read: \(torn)"])
            try await catalog.store.delete(torn)
            #expect(try await run(PruneRun.Order())[0].results.count == 11)
        }
    }

    @Test("What an earlier run had begun and cannot be understood is a warning, and keeps nothing else from being pruned")
    func damagedTombstone() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let (begun, key) = try await leftover(in: catalog, machine)
            try await catalog.store.put(ArtifactName.tombstone(begun), bytes: [1])
            let warnings = Mutex<[String]>([])
            var run = PruneRun(configuration, catalogs: [catalog], context: machine.context)
            run.progress = { event in
                guard case .warning(let text) = event else { return }
                warnings.withLock { $0.append(text) }
            }
            let pruned = try await run(PruneRun.Order())[0]
            #expect(pruned.failure == nil && pruned.bytes == 30 && pruned.results.count == 11)
            let told = warnings.withLock { $0 }
            #expect(told.count == 1 && told == pruned.unfinished)
            let beginning = "what an earlier run had begun to remove of \(begun) stays: \(begun).deleted in "
            #expect(told.first?.hasPrefix(beginning) == true, "\(told)")
            #expect(try await catalog.keys().filter { $0.contains("\(begun)") } == [ArtifactName.tombstone(begun), key])
        }
    }

    /// A file of a backup that an earlier run had begun to remove.
    private func leftover(in catalog: Catalog, _ machine: Machine) async throws -> (RecoveryPointID, key: String) {
        let begun = RecoveryPointID(at: machine.context.now() + .seconds(-86_400 * 50))
        let key = ArtifactName.dump(of: "call_center", id: begun, format: .gzippedSQL)
        try await catalog.store.put(key, bytes: [1])
        return (begun, key)
    }

    @Test("It waits for nobody who holds the lock, and a dry run needs none")
    func lock() async throws {
        try await withBackups(1) { machine, catalog, configuration in
            let run = PruneRun(configuration, catalogs: [catalog], context: machine.context)
            @Sendable func check() async throws {
                let error = await #expect(throws: BackupError.self) { try await run(PruneRun.Order()) }
                #expect(error?.code == .lockHeld)
                var dry = PruneRun.Order()
                dry.isDryRun = true
                #expect(try await run(dry).count == 1)
            }
            try await RunLock(folder: configuration.stateFolder).withLock(
                purpose: "x", patience: .zero, context: machine.context, check)
        }
    }

    @Test("What one store has removed the others no longer have on record there")
    func forgotten() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let other = Catalog(store: LocalStore(root: machine.folder + "/other"))
            let names = [catalog, other].map(\.store.name)
            for point in try await catalog.list().points {
                for artifact in point.manifest.artifacts { try await other.store.put(artifact.key, bytes: [1, 2, 3]) }
                try await other.publish(point.manifest)
                for place in [catalog, other] {
                    try await place.change(point.id) { $0.stores = names.map { StoreCopy(store: $0, storedAt: machine.context.now()) } }
                }
            }
            var order = PruneRun.Order()
            order.store = catalog.store.name
            let done = try await PruneRun(configuration, catalogs: [catalog, other], context: machine.context)(order)
            #expect(done.map(\.results.count) == [10])
            let kept = Set(try await catalog.list().points.map(\.id))
            for point in try await other.list().points {
                #expect(point.manifest.stores.map(\.store) == (kept.contains(point.id) ? names : [other.store.name]))
            }
        }
    }

    @Test("A manifest that makes its backup older than its name does is not believed, whatever checksum it carries")
    func forgedDate() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let forged = try #require(try await catalog.list().points.dropFirst(5).first).id
            try await catalog.change(forged) { $0.startedAt = $0.startedAt + .seconds(-86_400 * 400) }
            let done = try await PruneRun(configuration, catalogs: [catalog], context: machine.context)(PruneRun.Order())
            let decision = try #require(done[0].plan.decisions.first { $0.id == forged })
            #expect(decision.isKept && !decision.isSpendable && decision.reasons.count == 1, "\(decision)")
            #expect(decision.reasons[0].hasSuffix("which is not what it is named by"))
            #expect(done[0].results.count == 10 && done[0].results[forged] == nil)
            #expect(try await catalog.list().points.contains { $0.id == forged })
        }
    }

    @Test("What two stores' manifests do not agree on is removed from neither")
    func contradicted() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let other = Catalog(store: LocalStore(root: machine.folder + "/other"))
            for object in try await catalog.store.list() {
                try await other.store.put(object.key, bytes: try await catalog.store.read(object.key))
            }
            let oldest = try #require(try await catalog.list().points.last).id
            try await other.change(oldest) { $0.artifacts[0].sha256 = "11" }
            let done = try await PruneRun(configuration, catalogs: [catalog, other], context: machine.context)(PruneRun.Order())
            for store in done {
                #expect(store.failure == nil && store.results.count == 9)
                let decision = store.plan.decisions.last
                #expect(decision?.id == oldest && decision?.isKept == true)
                #expect(decision?.reasons.first?.contains("do not agree on its files: see `call-center-admin db sync`") == true)
            }
            for place in [catalog, other] { #expect(try await place.list().points.count == 31) }
        }
    }

    @Test("A store that cannot be read does not keep the others from being pruned")
    func brokenStore() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            let broken = Catalog(store: LocalStore(root: "/dev/null/backups"))
            let done = try await PruneRun(configuration, catalogs: [broken, catalog], context: machine.context)(PruneRun.Order())
            #expect(done[0].failure?.code == .storeFailed)
            #expect(done[1].results.count == 10)
        }
    }

    @Test("An unknown store is no reason to prune all of them")
    func unknownStore() async throws {
        try await withBackups(40) { machine, catalog, configuration in
            var order = PruneRun.Order()
            order.store = "s3://elsewhere"
            let run = PruneRun(configuration, catalogs: [catalog], context: machine.context)
            let error = await #expect(throws: BackupError.self) { try await run(order) }
            #expect(error?.code == .invalidUsage)
            #expect(error?.hint == "They are: \(catalog.store.name).")
        }
    }

    @Test("A store is known with a slash at its end, too")
    func slash() async throws {
        try await withBackups(1) { machine, catalog, configuration in
            var order = PruneRun.Order()
            (order.isDryRun, order.store) = (true, catalog.store.name + "/")
            let pruned = try await PruneRun(configuration, catalogs: [catalog], context: machine.context)(order)
            #expect(pruned.map(\.name) == [catalog.store.name])
        }
    }

    @Test("Thirty days hold unless another rule is set; a kind of store may have rules of its own")
    func settings() async throws {
        func policies(_ settings: [String: String]) async throws -> [RetentionPolicy] {
            var found: [RetentionPolicy] = []
            try await withMachine(environment: settings) { machine in
                let retention = try await machine.load().retention
                found = ["/backups", "s3://bucket/x", "gs://bucket"].map(retention.policy)
            }
            return found
        }
        #expect(try await policies([:]) == [.standard, .standard, .standard])
        var gfs = RetentionPolicy()
        (gfs.daily, gfs.monthly, gfs.minimum) = (7, 12, 5)
        #expect(
            try await policies(["BACKUP_RETENTION_DAILY": "7", "BACKUP_RETENTION_MONTHLY": "12", "BACKUP_RETENTION_MIN_VERIFIED": "5"])
                == [gfs, gfs, gfs])
        let special = try await policies(["BACKUP_RETENTION_S3_DAYS": "365", "BACKUP_RETENTION_GCS_MIN_VERIFIED": "9"])
        #expect(special.map(\.days) == [30, 365, 30] && special.map(\.minimum) == [3, 3, 9])
        let none = try await policies(["BACKUP_RETENTION_DAYS": "0"])
        #expect(none.allSatisfy { $0.isEmpty })
        #expect(try await policies(["BACKUP_RETENTION_WITHIN": "60d"])[0].days == nil)
    }

    @Test(
        "Every rule that is set reaches the policy, and nothing else changes with it",
        arguments: [
            ("DAYS", "5", "5 days"), ("LAST", "6", "6 last"), ("HOURLY", "7", "7 hourly"), ("DAILY", "8", "8 daily"),
            ("WEEKLY", "9", "9 weekly"),
            ("MONTHLY", "10", "10 monthly"), ("YEARLY", "11", "11 yearly"), ("WITHIN", "60d", "those within 60 d of the newest"),
            ("S3_LAST", "6", "6 last"), ("S3_WEEKLY", "9", "9 weekly"), ("GCS_MONTHLY", "10", "10 monthly"),
            ("GCS_YEARLY", "11", "11 yearly"),
        ]
    )
    func rule(name: String, value: String, words: String) async throws {
        try await withMachine(environment: ["BACKUP_RETENTION_\(name)": value]) { machine in
            let retention = try await machine.load().retention
            let kinds = ["": "/backups", "S3": "s3://bucket/x", "GCS": "gs://bucket"]
            let only = kinds.keys.first { !$0.isEmpty && name.hasPrefix($0 + "_") }
            for (kind, store) in kinds {
                let rules = only == nil || only == kind ? words : "30 days"
                #expect(retention.policy(ofStore: store).description == "\(rules); never fewer than 3 verified")
            }
        }
    }
}
