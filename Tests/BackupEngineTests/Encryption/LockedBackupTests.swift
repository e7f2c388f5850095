import BackupCatalog
import BackupModel
import BackupTestKit
import BackupVerification
import BytePipeline
import ObjectStores
import Postgres
import Testing

@testable import BackupEngine

@Suite("An encrypted backup, told apart: what is wrong with the key from what is wrong with the file")
struct LockedBackupTests {
    private let owner = AgeIdentity()
    private static let key = "call_center-20260214T020000Z.sql.gz.age"
    private static let server = ConnectionTarget(keywords: ["host": "/nowhere"])

    /// One backup that is encrypted to the owner, and what verifies and finds it with the identity of somebody else.
    private func withSealed(_ body: (LocalStore, BackupLocator, RecordedVerification) async throws -> Void) async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backups"]) { machine in
            let configuration = try await machine.load()
            let store = LocalStore(root: try #require(configuration.backupFolder))
            try await publishBackup(in: store, to: [owner.recipient])
            var other = AgeIdentity()
            other.origin = "BACKUP_AGE_IDENTITY_FILE (/etc/other.key)"
            let locator = BackupLocator(
                catalogs: Catalogs([Catalog(store: store)]), identities: { [other] in [other] }, context: machine.context)
            let verification = RecordedVerification(
                configuration: configuration, catalogs: locator.catalogs, context: machine.context, progress: { _ in },
                troubles: StoreTroubles { _ in })
            try await body(store, locator, verification)
        }
    }

    private func recorded(in store: LocalStore) async throws -> [Verification] {
        try await Catalog(store: store).list().points.flatMap(\.manifest.verifications)
    }

    @Test("A key that does not open it is told with the keys that would, the file is said to be whole, and nothing is recorded against it")
    func wrongKey() async throws {
        try await withSealed { store, locator, verification in
            let verdicts = try await verification.verify(try await locator.files(of: "latest"), VerificationOrder(.level(.content)))
            let failure = try #require(verdicts.failure)
            #expect(failure.code == .permissionDenied && failure.code.exitStatus == .failed)
            for words in [
                "it is encrypted to \(owner.recipient.fingerprint)", "from BACKUP_AGE_IDENTITY_FILE (/etc/other.key)",
                "the file itself is whole",
            ] {
                #expect(failure.message.contains(words), "\(failure)")
            }
            // Once: the verdict on the file has the short of it.
            #expect(!failure.message.contains("permission denied"), "\(failure)")
            let own = try #require(verdicts.first?.verdict)
            #expect(own.findings.map(\.message) == ["none of the known age identities opens it"] && own.level == .digest)
            #expect(verdicts.allSatisfy { !$0.isDamaged } && verdicts.alarm?.code == .verificationFailed)
            #expect(try await recorded(in: store).isEmpty)
        }
    }

    @Test("A file that is not the one that was stored is damaged, whichever key is at hand")
    func wrongFile() async throws {
        try await withSealed { store, locator, verification in
            try await flip(-1, of: Self.key, in: store)
            let verdicts = try await verification.verify(try await locator.files(of: "latest"), VerificationOrder(.level(.content)))
            #expect(verdicts.failure?.code == .verificationFailed && verdicts.allSatisfy(\.isDamaged))
            #expect(try await recorded(in: store).map(\.passed) == [false])
        }
    }

    @Test("A restore with such a key says so, and does not take it for the fault of the copy")
    func restore() async throws {
        try await withSealed { store, locator, _ in
            let backup = try await locator.dump(of: "latest")
            let run = run(
                RestoreRequest(file: backup.file, record: backup.record, fallbackDatabase: "a", server: Self.server, options: .init()))
            let error = await #expect(throws: BackupError.self) { _ = try await run.plan() }
            #expect(error?.code == .permissionDenied && error?.isFaultOfCopy == false && error?.isOfEveryCopy == true)
            #expect(error?.message.contains("it is encrypted to \(owner.recipient.fingerprint)") == true, "\(error as Any)")
        }
    }

    @Test("One changed byte in the middle is damage of that copy: the hint is the command that takes another one")
    func changedChunk() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: "\(folder)/backups")
            let key = try await storeNoise(in: store)
            let file = StoredFile(key, in: store) { [owner] in [owner] }
            let faults = CopyFaults()
            let whole = try await file.open().telling(faults).readable()
            #expect(try await whole.read(at: 0, count: 1_000).count == 1_000)
            #expect(faults.first == nil)
            try await flip(1_000, of: key, in: store)
            let bytes = try await file.open().telling(faults).readable()
            let error = await #expect(throws: BackupError.self) { _ = try await bytes.read(at: 0, count: 1) }
            #expect(error?.code == .verificationFailed && faults.first?.message == error?.message)
            let run = run(RestoreRequest(file: file, fallbackDatabase: "a", server: Self.server, options: .init()))
            let refusal = await #expect(throws: BackupError.self) { _ = try await run.plan() }
            #expect(refusal?.code == .verificationFailed && refusal?.isFaultOfCopy == true, "\(refusal as Any)")
            #expect(refusal?.hint?.contains("`call-center-admin db verify-backup \(file.name)` names every damaged place") == true)
        }
    }

    private func run(_ request: RestoreRequest) -> RestoreRun {
        RestoreRun(request, context: RunContext(now: { Instant(secondsSinceEpoch: 0) }), progress: { _ in })
    }

    /// An encrypted file of several chunks.
    private func storeNoise(in store: LocalStore) async throws -> String {
        try await store.put(Self.key) { sink in
            let sealing = try AgeEncryptingSink(sink, to: [owner.recipient])
            try await sealing.write((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) })
            try await sealing.finish()
        }
        return Self.key
    }

    /// - Parameter place: counted from the end where it is negative.
    private func flip(_ place: Int, of key: String, in store: LocalStore) async throws {
        var bytes = try await store.read(key)
        bytes[place < 0 ? bytes.count + place : place] ^= 4
        try await store.delete(key)
        try await store.put(key, bytes: bytes)
    }
}
