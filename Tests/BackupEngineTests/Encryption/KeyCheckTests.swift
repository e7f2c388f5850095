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
    /// One encrypted backup, and what `key check` says of it.
    private func check(
        encryptedTo recipients: [AgeRecipient], settings: [String: String], key: AgeIdentity?
    ) async throws -> [ConfigurationCheck.Finding] {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string, environment: settings)
            machine.environment["BACKUP_DIR"] = folder.string + "/backups"
            if let key {
                try await machine.write("key", key.text.reveal() + "\n")
                try await Command("chmod", ["600", folder.string + "/key"]).output()
                machine.environment["BACKUP_AGE_IDENTITY_FILE"] = "key"
            }
            let configuration = try await machine.load()
            let store = LocalStore(root: try #require(configuration.backupFolder))
            try await publishBackup(in: store, to: recipients)
            return await KeyCheck(configuration.encryption, catalogs: [Catalog(store: store)]).run()
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
        #expect(findings.last?.message.contains("permission denied: none of the known age identities opens") == true)
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
