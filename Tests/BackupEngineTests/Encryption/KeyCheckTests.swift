import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Check of the keys")
struct KeyCheckTests {
    /// One encrypted backup in each of so many stores, and what `key check` says of them.
    private func check(
        encryptedTo recipients: [AgeRecipient], settings: [String: String], key: AgeIdentity?, mode: String = "600", stores: Int = 1
    ) async throws -> [ConfigurationCheck.Finding] {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string, environment: settings)
            machine.environment["BACKUP_DIR"] = folder.string + "/backups"
            if let key {
                try await machine.write("key", key.text.reveal() + "\n")
                try await Command("chmod", [mode, folder.string + "/key"]).output()
                machine.environment["BACKUP_AGE_IDENTITY_FILE"] = "key"
            }
            let configuration = try await machine.load()
            let root = try #require(configuration.backupFolder)
            let all = (0..<stores).map { LocalStore(root: "\(root)-\($0)") }
            for store in all { try await publishBackup(in: store, to: recipients) }
            return await KeyCheck(configuration.encryption, catalogs: all.map { Catalog(store: $0) }).run()
        }
    }

    private func isDoubtful(_ finding: ConfigurationCheck.Finding) -> Bool {
        if case .doubtful = finding.outcome { true } else { false }
    }

    @Test("A known identity opens the newest backup")
    func good() async throws {
        let key = AgeIdentity()
        let findings = try await check(
            encryptedTo: [key.recipient], settings: ["BACKUP_AGE_RECIPIENTS": key.recipient.text], key: key)
        #expect(findings.count == 4)
        #expect(findings.allSatisfy { $0.failure == nil && !isDoubtful($0) })
        #expect(findings.last?.message == "20260214T020000Z can be opened: 1 file")
    }

    @Test("An identity that does not open it is an alarm")
    func wrongKey() async throws {
        let (lost, known) = (AgeIdentity(), AgeIdentity())
        let findings = try await check(
            encryptedTo: [lost.recipient], settings: ["BACKUP_AGE_RECIPIENTS": lost.recipient.text], key: known)
        #expect(isDoubtful(findings[2]))
        #expect(findings.last?.failure?.code == .permissionDenied)
        #expect(findings.last?.message.hasPrefix("none of the known age identities opens") == true)
    }

    @Test("Which identities do not open it is said of the first store; each that is not opened is named")
    func wrongKeyForAll() async throws {
        let (lost, known) = (AgeIdentity(), AgeIdentity())
        let findings = try await check(
            encryptedTo: [lost.recipient], settings: ["BACKUP_AGE_RECIPIENTS": lost.recipient.text], key: known, stores: 3)
        let failed = findings.filter { $0.failure != nil }
        #expect(failed.map(\.failure?.code) == [.permissionDenied, .permissionDenied, .permissionDenied])
        #expect(Set(failed.map(\.name)).count == 3)
        #expect(failed.map { $0.message.contains(known.recipient.text) } == [true, false, false], "\(failed)")
    }

    @Test("An identity file that others may read is one finding: neither is a thief kept out, nor is anything else said of what follows")
    func openToAll() async throws {
        let key = AgeIdentity()
        let findings = try await check(
            encryptedTo: [key.recipient], settings: ["BACKUP_AGE_RECIPIENTS": key.recipient.text], key: key, mode: "644", stores: 2)
        #expect(findings.map(\.name) == ["BACKUP_AGE_RECIPIENTS", "BACKUP_AGE_IDENTITY_FILE"])
        #expect(findings.last?.failure?.code == .permissionDenied)
        #expect(findings.last?.message.contains("is too wide: mode 644") == true, "\(findings)")
        #expect(findings.last?.failure?.hint?.contains("chmod 600") == true)
    }

    @Test("What is not encrypted is pointed out whatever is wrong with the identity file")
    func openToAllAndPlain() async throws {
        let key = AgeIdentity()
        let findings = try await check(
            encryptedTo: [], settings: ["BACKUP_AGE_RECIPIENTS": key.recipient.text], key: key, mode: "644")
        #expect(findings.count == 3 && findings.last.map(isDoubtful) == true, "\(findings)")
        #expect(findings.last?.message == "20260214T020000Z is not encrypted")
    }

    @Test("A host that only encrypts is told to prove the key elsewhere")
    func blind() async throws {
        let key = AgeIdentity()
        let findings = try await check(
            encryptedTo: [key.recipient], settings: ["BACKUP_AGE_RECIPIENTS": key.recipient.text], key: nil)
        #expect(findings.allSatisfy { $0.failure == nil })
        #expect(isDoubtful(findings[2]) && isDoubtful(findings[3]))
        #expect(findings[3].message == "20260214T020000Z is encrypted, and no identity is known here to open it")
    }

    @Test("A backup that is not encrypted though it should be is pointed out")
    func plain() async throws {
        let key = AgeIdentity()
        let findings = try await check(encryptedTo: [], settings: ["BACKUP_AGE_RECIPIENTS": key.recipient.text], key: key)
        #expect(findings.last.map(isDoubtful) == true)
        #expect(findings.last?.message == "20260214T020000Z is not encrypted")
    }
}
