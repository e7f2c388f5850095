import BackupCatalog
import BackupModel
import BackupTestKit
import BackupVerification
import BytePipeline
import DumpFormat
import DumpSamples
import ObjectStores
import Postgres
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("The first copy of a backup that can be used")
struct UsableCopyTests {
    private static let id = "20260214T020000Z"
    private static let dump = "call_center-\(id).sql.gz"

    /// Two folders with the same backup.
    /// - Parameter sha256: as the manifests have it; nil: that of the bytes.
    private func withCopies(
        of bytes: [UInt8] = [1, 2, 3], sha256: String? = "00", _ body: (BackupLocator, [LocalStore]) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let stores = ["near", "far"].map { LocalStore(root: "\(folder)/\($0)") }
            let id = try #require(RecoveryPointID(Self.id))
            let begin = try #require(id.instant)
            for store in stores {
                try await store.put(Self.dump, bytes: bytes)
                let digest = try await store.open(Self.dump).summary().sha256
                let artifact = Artifact(
                    key: Self.dump, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: Int64(bytes.count),
                    sha256: sha256 ?? digest)
                try await Catalog(store: store).publish(
                    Manifest(
                        id: id, startedAt: begin, finishedAt: begin, artifacts: [artifact],
                        stores: stores.map { StoreCopy(store: $0.name, storedAt: begin) }))
            }
            let catalogs = Catalogs(stores.map { Catalog(store: $0) })
            try await body(BackupLocator(catalogs: catalogs, context: RunContext(now: { begin })), stores)
        }
    }

    private func configuration(_ locator: BackupLocator, _ stores: [LocalStore]) async throws -> BackupConfiguration {
        var context = locator.context
        context.environment = ["BACKUP_DIR": stores[0].root]
        return try await BackupConfiguration.load(context: context)
    }

    private func take(_ backup: LocatedBackup, refusing refused: [String]) async throws -> (path: String, told: [String]) {
        let told = Mutex<[String]>([])
        let copy = try await CopiesInTurn(of: backup).next(telling: { text in told.withLock { $0.append(text) } }) { copy in
            if refused.contains(copy.path) { throw BackupError(.verificationFailed, "\(copy.path) is damaged") }
        }
        return (copy.path, told.withLock { $0 })
    }

    @Test("is that of the next store where the nearest one's is refused, and that is said", arguments: ["latest", "20260214"])
    func next(reference: String) async throws {
        try await withCopies { locator, stores in
            let backup = try await locator.dump(of: reference)
            let paths = stores.map { "\($0.root)/\(Self.dump)" }
            let first = try await take(backup, refusing: [])
            #expect(first.path == paths[0] && first.told.isEmpty)
            let second = try await take(backup, refusing: [paths[0]])
            #expect(second.path == paths[1] && second.told == ["\(paths[0]) is damaged; the copy \(paths[1]) is taken instead"])
            #expect(backup.otherCopies.allSatisfy { $0.record != nil && $0.catalog.store.name == stores[1].name })
            let error = await #expect(throws: BackupError.self) { _ = try await take(backup, refusing: paths) }
            #expect(error?.message == "\(paths[0]) is damaged" && error?.others == ["\(paths[1]) is damaged"])
            // A hint of the first would name the second.
            #expect(error?.hint?.hasPrefix("None of the 2 copies can be used now: `call-center-admin db list`") == true)
        }
    }

    @Test("is another one where the first fails in the middle; what was damaged is remembered, and after the last there is none")
    func middle() async throws {
        try await withCopies { locator, stores in
            let backup = try await locator.dump(of: "latest")
            let paths = stores.map { "\($0.root)/\(Self.dump)" }
            let told = Mutex<[String]>([])
            let damaged = Mutex<[String]>([])
            let copies = CopiesInTurn(of: backup) { copy, _ in damaged.withLock { $0.append(copy.path) } }
            func next() async throws -> String {
                try await copies.next(telling: { text in told.withLock { $0.append(text) } }) { _ in }.path
            }
            #expect(copies.areSeveral)
            #expect(try await next() == paths[0])
            await copies.refuse(BackupError(.verificationFailed, "near is damaged", hint: "Restore far."))
            #expect(try await next() == paths[1])
            await copies.refuse(BackupError(.stalled, "far was silent"))
            let error = await #expect(throws: BackupError.self) { _ = try await next() }
            #expect(error?.message == "near is damaged" && error?.others == ["far was silent"])
            #expect(error?.hint?.hasPrefix("None of the 2 copies") == true, "\(error?.hint ?? "")")
            let (heard, remembered) = (told.withLock { $0 }, damaged.withLock { $0 })
            #expect(heard == ["near is damaged; the copy \(paths[1]) is taken instead"])
            #expect(remembered == [paths[0]])
        }
    }

    @Test("that a restore finds damaged is damaged for everybody, and that is told with the next one")
    func recorded() async throws {
        try await withCopies { locator, stores in
            let assembly = try Assembly(try await configuration(locator, stores), context: locator.context)
            let copies = assembly.copiesInTurn(of: try await locator.dump(of: "latest"), remembers: true) { Issue.record("\($0)") }
            let near = try await copies.next(telling: { _ in }) { _ in }
            #expect(near.warnings.isEmpty)
            await copies.refuse(BackupError(.verificationFailed, "a chunk was changed"))
            let far = try await locator.dump(of: "latest")
            #expect(far.path == "\(stores[1].root)/\(Self.dump)" && far.otherCopies.isEmpty)
            let told = "the copy of \(Self.dump) in \(stores[0].name) is on record as damaged: a chunk was changed"
            #expect(far.warnings.count == 1 && far.warnings.first?.hasPrefix(told) == true, "\(far.warnings)")
            let named = try await locator.dump(of: near.path)
            #expect(named.warnings.count == 2 && named.warnings.last?.hasPrefix(told) == true, "\(named.warnings)")
        }
    }

    @Test("What is wrong with the others is known, each with the next command; not to who names one copy", arguments: [true, false])
    func others(isGone: Bool) async throws {
        try await withCopies { locator, stores in
            #expect(try await locator.files(of: "latest").allSatisfy(\.faultsElsewhere.isEmpty))
            try await stores[0].delete(Self.dump)
            if !isGone { try await stores[0].put(Self.dump, bytes: [1]) }
            let files = try await locator.files(of: "latest")
            #expect(files.map(\.path) == ["\(stores[1].root)/\(Self.dump)"])
            let told = try #require(files.first?.faultsElsewhere.first)
            let copy = "the copy of \(Self.id) in \(stores[0].name)"
            #expect(told.hasPrefix(isGone ? "\(copy) lacks files" : "\(copy) is damaged (changed files): \(Self.dump)"), "\(told)")
            #expect(told.contains("`call-center-admin db sync`"))
            let named = try await locator.files(of: "\(stores[1].root)/\(Self.dump)")
            #expect(named.allSatisfy { $0.faultsElsewhere.isEmpty })
        }
    }

    @Test("is the next store's where the nearest one's credentials are of no use; such a key opens no copy", arguments: [true, false])
    func obstacles(isOfStore: Bool) async throws {
        try await withCopies { locator, stores in
            let backup = try await locator.dump(of: "latest")
            let paths = stores.map { "\($0.root)/\(Self.dump)" }
            let error = BackupError(.invalidConfiguration, "of no use", obstacle: isOfStore ? .credentials : nil)
            let tried = Mutex<[String]>([])
            let copy = try? await CopiesInTurn(of: backup).next(telling: { _ in }) { copy in
                tried.withLock { $0.append(copy.path) }
                if copy.path == paths[0] { throw error }
            }
            #expect(copy?.path == (isOfStore ? paths[1] : nil))
            let asked = tried.withLock { $0 }
            #expect(asked == (isOfStore ? paths : [paths[0]]))
        }
    }

    @Test("Where a dump is damaged the hint can be typed as it stands, and no server is asked")
    func hint() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: "\(folder)/backups")
            var bytes = try SampleDump.small(.gzip).write().bytes
            for place in bytes.indices.suffix(64).prefix(32) { bytes[place] = 0 }
            try await store.put(Self.dump, bytes: bytes)
            let request = RestoreRequest(
                file: StoredFile(Self.dump, in: store), fallbackDatabase: "call_center",
                server: ConnectionTarget(keywords: ["host": "/nowhere"]), options: RestoreOptions())
            let run = RestoreRun(request, context: RunContext(now: { Instant(secondsSinceEpoch: 0) }), progress: { _ in })
            let errors = [
                await #expect(throws: BackupError.self) { try await run.check() },
                await #expect(throws: BackupError.self) { _ = try await run.plan() },
                await #expect(throws: BackupError.self) { _ = try await run() },
            ]
            for error in errors {
                #expect(error?.code == .verificationFailed, "\(error as Any)")
                #expect(error?.hint?.contains("`call-center-admin db verify-backup \(store.root)/\(Self.dump)`") == true)
            }
        }
    }

    @Test("is no other than the one that was named by its path")
    func named() async throws {
        try await withCopies { locator, stores in
            let located = try await locator.dump(of: "\(stores[0].root)/\(Self.dump)")
            #expect(located.otherCopies.isEmpty)
        }
    }

    @Test("is looked for by verification, too: the damaged copy's verdict and the sound one's are both given")
    func verified() async throws {
        try await withCopies { locator, stores in
            // The manifests' digest is of neither: all copies are damaged, and each is looked at.
            let verification = RecordedVerification(
                configuration: try await configuration(locator, stores),
                catalogs: locator.catalogs, context: locator.context, progress: { _ in }, troubles: StoreTroubles { _ in })
            let verdicts = try await verification.verify(try await locator.files(of: "latest"), VerificationOrder(.level(.quick)))
            #expect(verdicts.map(\.path) == stores.map { "\($0.root)/\(Self.dump)" })
            #expect(verdicts.allSatisfy { !$0.verdict.passed } && verdicts.failure?.code == .verificationFailed)
            // The second was sound for all that was known when the first was found damaged.
            #expect(verdicts.map(\.remedy) == [DamagedCopy.lastRemedy, DamagedCopy.lastRemedy])
        }
    }

    @Test("A copy that is gone between the listing and the reading is passed over")
    func gone() async throws {
        try await withCopies { locator, stores in
            let files = try await locator.files(of: "latest")
            try await stores[0].delete(Self.dump)
            let warnings = Mutex<[String]>([])
            let verification = RecordedVerification(
                configuration: try await configuration(locator, stores),
                catalogs: locator.catalogs, context: locator.context,
                progress: { if case .warning(let text) = $0 { warnings.withLock { $0.append(text) } } }, troubles: StoreTroubles { _ in })
            let verdicts = try await verification.verify(files, VerificationOrder(.level(.quick)))
            #expect(verdicts.map(\.path) == ["\(stores[1].root)/\(Self.dump)"])
            let heard = warnings.withLock { $0 }
            #expect(heard.contains { $0.contains("the copy \(stores[1].root)/\(Self.dump) was checked") })
            #expect(verdicts.failure?.code == .verificationFailed)
            #expect(verdicts.failure?.others.first?.contains("the copy in \(stores[0].name) could not be read") == true)
        }
    }

    @Test("A copy that cannot be read is a part that was not done, where another one passes; a new backup's is checked alone")
    func unread() async throws {
        try await withCopies(of: try SampleDump.small(.gzip).write().bytes, sha256: nil) { locator, stores in
            let files = try await locator.files(of: "latest")
            try await stores[0].delete(Self.dump)
            let verification = RecordedVerification(
                configuration: try await configuration(locator, stores),
                catalogs: locator.catalogs, context: locator.context, progress: { _ in }, troubles: StoreTroubles { _ in })
            var order = VerificationOrder(.level(.quick))
            let verdicts = try await verification.verify(files, order)
            #expect(verdicts.map(\.path) == ["\(stores[1].root)/\(Self.dump)"] && verdicts.allSatisfy(\.verdict.passed), "\(verdicts)")
            let failure = try #require(verdicts.failure)
            #expect(failure.code == .partlyDone && failure.hint != nil)
            #expect(failure.message.contains("the copy in \(stores[0].name) could not be read"), "\(failure)")
            order.triesOtherCopies = false
            let error = await #expect(throws: BackupError.self) { _ = try await verification.verify(files, order) }
            #expect(error?.code == .artifactMissing, "\(error as Any)")
        }
    }

    @Test("What is wrong with a file that has its SHA-256 is wrong with every copy, and only the nearest is looked at")
    func wholeAndWrong() async throws {
        try await withCopies(sha256: nil) { locator, stores in
            let verification = RecordedVerification(
                configuration: try await configuration(locator, stores),
                catalogs: locator.catalogs, context: locator.context, progress: { _ in }, troubles: StoreTroubles { _ in })
            let verdicts = try await verification.verify(try await locator.files(of: "latest"), VerificationOrder(.level(.quick)))
            #expect(verdicts.map(\.path) == ["\(stores[0].root)/\(Self.dump)"])
            #expect(verdicts.failure?.code == .verificationFailed)
        }
    }
}
