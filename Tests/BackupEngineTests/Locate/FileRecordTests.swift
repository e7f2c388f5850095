import BackupCatalog
import BackupModel
import BackupTestKit
import BackupVerification
import BytePipeline
import DumpFormat
import DumpSamples
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A file, held against what its manifest says")
struct FileRecordTests {
    private static let id = "20260214T020000Z"

    @Test("A dump of the recorded moment is the one")
    func same() async throws {
        try await hold(try Self.dump())
    }

    @Test("A dump that differs in anything both tell is refused, and both are named", arguments: RecordedDifference.allCases)
    func otherMoment(difference: RecordedDifference) async throws {
        let dump = try Self.dump()
        let error = await #expect(throws: BackupError.self) { try await hold(dump, difference: difference) }
        #expect(error?.code == .verificationFailed)
        let message = error?.message ?? ""
        #expect(message.contains("call_center-\(Self.id).sql.gz is not the file that backup \(Self.id) stored: "), "\(message)")
        #expect(message.contains(": it is a dump of call_center of 2026-02-14T02:00:00.000Z (snapshot 00000003-1, LSN 0/1, "), "\(message)")
        #expect(message.contains(", and the manifest says a dump of ") && message.contains(difference.words), "\(message)")
        #expect(error?.hint?.contains("`call-center-admin db list`") == true)
    }

    @Test(
        "A check says the same of a dump whose bytes are those of its manifest",
        arguments: [nil, .moment, .rows] as [RecordedDifference?])
    func checked(difference: RecordedDifference?) async throws {
        try await record(try Self.dump(), difference: difference) { backup, locator, store in
            var context = locator.context
            context.environment = ["BACKUP_DIR": store.root]
            let verification = RecordedVerification(
                configuration: try await BackupConfiguration.load(context: context), catalogs: locator.catalogs, context: context,
                progress: { _ in }, troubles: StoreTroubles { _ in })
            let verdicts = try await verification.verify([backup], VerificationOrder(.level(.quick)))
            #expect(verdicts.map(\.verdict.passed) == [difference == nil], "\(verdicts)")
            let found = verdicts[0].verdict.findings.map(\.message)
            #expect(found.count == (difference == nil ? 0 : 1))
            let isTold = found.allSatisfy { $0.hasPrefix("it is a dump of call_center of ") && $0.contains(difference?.words ?? "") }
            #expect(isTold, "\(found)")
            #expect(try await Catalog(store: store).list().points.map(\.isSound) == [difference == nil])
        }
    }

    @Test("A dump of whose moment nothing is recorded is known by its SHA-256")
    func unknownMoment() async throws {
        let dump = try Self.dump()
        try await hold(dump, hasSnapshot: false)
        let other = [UInt8](repeating: 7, count: dump.count)
        let error = await #expect(throws: BackupError.self) { try await hold(other, found: dump, hasSnapshot: false) }
        #expect(error?.code == .verificationFailed && error?.message.contains("its SHA-256 is ") == true)
    }

    @Test("Another program's dump of the right size is refused where one of ours was stored")
    func foreign() async throws {
        let dump = try Self.dump()
        let script = Array("DROP TABLE calls;\n--".utf8)
        let padded = script + [UInt8](repeating: UInt8(ascii: " "), count: dump.count - script.count)
        let error = await #expect(throws: BackupError.self) { try await hold(dump, found: padded) }
        #expect(error?.code == .verificationFailed && error?.message.contains("it is another program's dump") == true)
    }

    @Test("A file of another size is refused, with the way to restore it all the same")
    func otherSize() async throws {
        let dump = try Self.dump()
        let error = await #expect(throws: BackupError.self) { try await hold(dump, found: Array(dump.dropLast())) }
        #expect(error?.code == .verificationFailed)
        #expect(error?.message.contains("it has \((dump.count - 1).grouped) bytes, and the manifest says \(dump.count.grouped)") == true)
        #expect(error?.hint?.contains("copy it into another folder") == true)
    }

    @Test("What has no index is known by its SHA-256", arguments: [Artifact.Format.custom, .gzippedRDB])
    func digest(format: Artifact.Format) async throws {
        let stored = Array("PGDMP, or an RDB file".utf8)
        try await hold(stored, format)
        let error = await #expect(throws: BackupError.self) { try await hold(stored, format, found: Array(stored.reversed())) }
        #expect(error?.code == .verificationFailed && error?.message.contains("its SHA-256 is ") == true)
    }

    @Test("Where another store has a copy the hint is the command that restores it")
    func otherStore() async throws {
        let stored = Array("PGDMP, or an RDB file".utf8)
        for (format, command) in [
            (Artifact.Format.custom, "`call-center-admin db restore s3://bucket/backups/call_center-\(Self.id).dump`"),
            (Artifact.Format.gzippedRDB, "`call-center-admin db restore s3://bucket/backups/redis-\(Self.id).rdb.gz --only redis`"),
        ] {
            let error = await #expect(throws: BackupError.self) {
                try await hold(stored, format, found: Array(stored.reversed()), otherStore: "s3://bucket/backups")
            }
            #expect(error?.hint?.contains(command) == true, "\(error?.hint ?? "")")
        }
    }

    private static func dump() throws -> [UInt8] { try SampleDump.small(.gzip).write().bytes }

    /// Has a manifest record what was stored, finds it as an operator would name it, and holds against the record what lies there.
    /// - Parameter found: nil: what was stored.
    private func hold(
        _ stored: [UInt8], _ format: Artifact.Format = .gzippedSQL, found: [UInt8]? = nil, difference: RecordedDifference? = nil,
        hasSnapshot: Bool = true, otherStore: String? = nil
    ) async throws {
        try await record(
            stored, format, found: found, difference: difference, hasSnapshot: hasSnapshot, otherStore: otherStore
        ) { backup, _, _ in try await compare(backup) }
    }

    private func record(
        _ stored: [UInt8], _ format: Artifact.Format = .gzippedSQL, found: [UInt8]? = nil, difference: RecordedDifference? = nil,
        hasSnapshot: Bool = true, otherStore: String? = nil, _ body: (LocatedBackup, BackupLocator, LocalStore) async throws -> Void
    ) async throws {
        let id = try #require(RecoveryPointID(Self.id))
        let begin = try #require(id.instant)
        let isRedis = format == .gzippedRDB
        let key = isRedis ? ArtifactName.redis(id) : ArtifactName.dump(of: "call_center", id: id, format: format)
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string + "/backups")
            try await store.put(key, bytes: stored)
            var manifest = Manifest(
                id: id, startedAt: begin, finishedAt: begin,
                artifacts: [
                    Artifact(
                        key: key, kind: isRedis ? .redisDump : .postgresDump, format: format, database: isRedis ? nil : "call_center",
                        bytes: Int64(stored.count), sha256: try await store.open(key).summary().sha256, tables: 2, rows: 111)
                ],
                postgres: PostgresFacts(
                    serverVersion: "17.2", systemIdentifier: "7000000000000000001", isStandby: false,
                    snapshots: hasSnapshot
                        ? [DatabaseSnapshot(database: "call_center", snapshot: "00000003-1", lsn: "0/1", takenAt: begin)] : []),
                stores: [store.name, otherStore].compactMap { $0 }.map { StoreCopy(store: $0, storedAt: begin) })
            difference?.change(&manifest)
            try await Catalog(store: store).publish(manifest)
            if let found {
                try await store.delete(key)
                try await store.put(key, bytes: found)
            }
            let locator = BackupLocator(catalogs: Catalogs([Catalog(store: store)]), context: RunContext(now: { begin }))
            let backup = try await isRedis ? locator.redisDump(of: Self.id) : locator.dump(of: Self.id)
            try await body(backup, locator, store)
        }
    }

    private func compare(_ backup: LocatedBackup) async throws {
        let record = try #require(backup.record)
        let file = try await backup.file.open()
        try record.checkSize(of: file)
        let bytes = try file.readable()
        let reader = try? await DumpReader(byteCount: bytes.byteCount) { try await bytes.read(at: $0, count: $1) }
        try await record.check(file, reader?.index) { _ in }
    }
}
