import BackupCatalog
import BackupModel
import BackupTestKit
import DumpFormat
import DumpSamples
import ObjectStores
import Postgres
import SystemPackage
import Testing

@testable import BackupEngine

/// Which earlier dump of a database lends its rows to the next one.
@Suite("Of earlier dumps")
struct LendersTests {
    /// What keeps the newest dump from lending.
    enum Flaw: CaseIterable {
        case unread
        case damaged
        case doubted
        case missing
        case shortened
        case otherFormat
    }

    /// A folder with a backup of each of some days of February.
    private struct Scene {
        let store: LocalStore
        let now = Instant(secondsSinceEpoch: 1_771_034_400)

        func add(_ day: Int, isProved: Bool = true, _ change: (inout Manifest) -> Void = { _ in }) async throws {
            let id = try #require(RecoveryPointID("2026020\(day)T020000Z"))
            let begin = try #require(id.instant)
            let bytes = try SampleDump.small(.gzip).write().bytes
            let dump = Artifact(
                key: Scene.key(day), kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: Int64(bytes.count),
                sha256: "00")
            try await store.put(dump.key, bytes: bytes)
            var manifest = Manifest(
                id: id, startedAt: begin, finishedAt: begin, artifacts: [dump], stores: [StoreCopy(store: store.name, storedAt: begin)],
                verifications: isProved ? [Scene.verdict(day, at: begin, passed: true)] : [])
            change(&manifest)
            try await Catalog(store: store).publish(manifest)
        }

        /// With rows that were not those of the backup before it.
        func addDiffering(_ day: Int, isProved: Bool = true) async throws {
            try await add(day, isProved: isProved) { manifest in
                manifest.artifacts[0].origins = RowOrigins(reusedBytes: 0, readBytes: 9, difference: "rows of public.calls differ")
                manifest.suspicion = Suspicion(reasons: ["rows of public.calls differ"])
            }
        }

        func accept(_ day: Int) async throws {
            try await Catalog(store: store).accept(try #require(RecoveryPointID("2026020\(day)T020000Z")), .init(at: now))
        }

        func loan(rereadAfter: Duration? = .seconds(7 * 86_400)) async -> EarlierDumps.Loan {
            let dumps = EarlierDumps(
                catalogs: Catalogs([Catalog(store: store)]), format: .gzippedSQL, rereadAfter: rereadAfter, identities: { [] }, now: now,
                watch: { ReadWatch(limit: .seconds(60), clock: AlarmClock()) { _ in } }, silence: SilentStores())
            return await dumps.find(of: "call_center")
        }

        /// - Returns: the key of the dump that lends; nil where none does.
        func lender() async -> String? { await loan().reuse?.name.split(separator: "/").last.map(String.init) }

        static func key(_ day: Int) -> String { "call_center-2026020\(day)T020000Z.sql.gz" }

        static func verdict(_ day: Int, at instant: Instant, passed: Bool) -> Verification {
            Verification(
                artifact: key(day), level: .content, at: instant + .seconds(9), seconds: 1, passed: passed,
                reasons: passed ? [] : ["a checksum differs"])
        }
    }

    private func withScene(_ body: (Scene) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in try await body(Scene(store: LocalStore(root: folder.string))) }
    }

    @Test("the newest that was read and found whole lends")
    func newest() async throws {
        try await withScene { scene in
            for day in 1...3 { try await scene.add(day) }
            let loan = await scene.loan()
            #expect(await scene.lender() == Scene.key(3))
            #expect(loan.refusal == nil && loan.reason == nil && loan.precedent == Scene.key(3) && loan.index == loan.reuse?.reader.index)
        }
    }

    @Test(
        "one that was not, that is doubted, or that is no longer what was stored does not lend; the one before it does",
        arguments: Flaw.allCases)
    func flawed(flaw: Flaw) async throws {
        try await withScene { scene in
            try await scene.add(1)
            try await scene.add(2, isProved: flaw != .unread) { manifest in
                switch flaw {
                case .unread, .missing: break
                case .damaged: manifest.verifications.append(Scene.verdict(2, at: scene.now, passed: false))
                case .doubted: manifest.suspicion = Suspicion(reasons: ["it has shrunk"])
                case .shortened: manifest.artifacts[0].bytes += 1
                case .otherFormat: manifest.artifacts[0].format = .zstandardSQL
                }
            }
            if flaw == .missing { try await scene.store.delete(Scene.key(2)) }
            #expect(await scene.lender() == Scene.key(1))
        }
    }

    @Test("where none lends, the loan says why; where none was taken yet, there is nothing to say")
    func reasons() async throws {
        try await withScene { scene in
            #expect(await scene.loan().reason == nil)
            try await scene.add(1, isProved: false)
            #expect(await scene.loan().reason == "no backup before of the same format was read and found whole, or it is doubted")
            #expect(await scene.loan(rereadAfter: nil).reason?.hasPrefix("everything was to be read") == true)
            try await scene.add(2)
            // As long as it was, and no dump any more.
            let length = try SampleDump.small(.gzip).write().bytes.count
            try await scene.store.delete(Scene.key(2))
            try await scene.store.put(Scene.key(2), bytes: [UInt8](repeating: 0, count: length))
            let loan = await scene.loan()
            #expect(loan.reuse == nil && loan.index != nil)
            #expect(loan.reason?.hasPrefix("\(Scene.key(2)), the newest that was found whole, cannot be read: ") == true, "\(loan)")
            try await scene.addDiffering(3)
            #expect(await scene.loan().reason == "nobody has accepted 20260203T020000Z, which found rows that differ")
        }
    }

    @Test("one that was doubted lends once it is accepted")
    func accepted() async throws {
        try await withScene { scene in
            try await scene.add(1)
            try await scene.add(2) { $0.suspicion = Suspicion(reasons: ["it has shrunk"]) }
            try await scene.accept(2)
            #expect(await scene.lender() == Scene.key(2))
        }
    }

    @Test("none lends after a difference before it is accepted, not even one taken since, and each run is told why")
    func difference() async throws {
        try await withScene { scene in
            try await scene.add(1)
            try await scene.addDiffering(2)
            try await scene.add(3)
            let loan = await scene.loan()
            #expect(loan.reuse == nil && loan.index != nil)
            #expect(loan.refusal?.contains("20260202T020000Z found rows that differ from those before it") == true, "\(loan.refusal ?? "")")
            try await scene.accept(2)
            #expect(await scene.lender() == Scene.key(3))
            #expect(await scene.loan().refusal == nil)
        }
    }

    @Test(
        "none from before a difference lends once that is accepted, and the one that found it does where it was read",
        arguments: [true, false])
    func olderThanDifference(isProved: Bool) async throws {
        try await withScene { scene in
            try await scene.add(1)
            try await scene.addDiffering(2, isProved: isProved)
            try await scene.accept(2)
            let loan = await scene.loan()
            #expect((loan.reuse != nil) == isProved && loan.refusal == nil)
            #expect(await scene.lender() == (isProved ? Scene.key(2) : nil))
        }
    }

    @Test("none lends where everything is to be read; where tables were cut is still known")
    func full() async throws {
        try await withScene { scene in
            try await scene.add(1)
            try await scene.addDiffering(2)
            let loan = await scene.loan(rereadAfter: nil)
            #expect(loan.reuse == nil && loan.refusal == nil && loan.index != nil && loan.precedent == Scene.key(2))
        }
    }

    @Test(
        "rows are lent for BACKUP_REREAD_DAYS from when they were read, and for none with 0",
        arguments: [(nil, 7), ("1", 1), ("30", 30), ("0", nil)] as [(String?, Int?)])
    func days(setting: String?, expected: Int?) async throws {
        try await withMachine(environment: setting.map { ["BACKUP_REREAD_DAYS": $0] } ?? [:]) { machine in
            let request = try BackupRequest(try await machine.load())
            try await withScene { scene in
                try await scene.add(1)
                let since = await scene.loan(rereadAfter: request.rereadAfter).reuse?.readSince
                #expect(since == expected.map { scene.now + .seconds(-86_400 * $0) })
            }
        }
    }
}
