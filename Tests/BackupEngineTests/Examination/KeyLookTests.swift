import BackupCatalog
import BackupModel
import BackupTestKit
import BytePipeline
import Doctor
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A look at the keys")
struct KeyLookTests {
    /// One backup, and what the look finds with these keys on this machine.
    private func look(encryptedTo recipient: AgeRecipient?, identity: AgeIdentity?, settings: [String: String] = [:]) async throws
        -> KeyCondition
    {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string, environment: settings)
            machine.environment["BACKUP_DIR"] = folder.string + "/backups"
            if let identity {
                try await machine.write("key", identity.text.reveal() + "\n")
                try await Command("chmod", ["600", folder.string + "/key"]).output()
                machine.environment["BACKUP_AGE_IDENTITY_FILE"] = "key"
            }
            let configuration = try await machine.load()
            let store = LocalStore(root: folder.string + "/backups")
            try await publishBackup(in: store, to: [recipient].compactMap { $0 })
            let (catalog, looking) = (
                Catalog(store: store), Looking(limit: .seconds(60), clock: ContinuousClock(), threads: LookingThreads())
            )
            let found = await StoreLook(catalog: catalog, looking: looking, now: RunContext.live().now())()
            return await KeyLook(settings: configuration.encryption, catalogs: [catalog], looking: looking)([found])
        }
    }

    @Test("The right identity opens the newest backup, and a plain backup needs none")
    func right() async throws {
        let key = AgeIdentity()
        let settings = ["BACKUP_AGE_RECIPIENTS": key.recipient.text]
        let opened = try await look(encryptedTo: key.recipient, identity: key, settings: settings)
        #expect(opened == KeyCondition(isEncrypting: true, hasIdentity: true))
        #expect(try await look(encryptedTo: nil, identity: key) == KeyCondition(isEncrypting: false, hasIdentity: true))
    }

    @Test("One that does not open it is told with its recipient; where none is known nothing is said")
    func wrong() async throws {
        let (lost, known) = (AgeIdentity(), AgeIdentity())
        let found = try await look(encryptedTo: lost.recipient, identity: known)
        #expect(found.unopened?.message.contains(known.recipient.text) == true)
        #expect(try await look(encryptedTo: lost.recipient, identity: nil) == KeyCondition(isEncrypting: false))
    }

    @Test("A key file that is not there is a trouble of the settings")
    func missing() async throws {
        let found = try await look(encryptedTo: AgeIdentity().recipient, identity: nil, settings: ["BACKUP_AGE_IDENTITY_FILE": "/no/such"])
        #expect(found.unusable != nil && found.unopened == nil)
    }
}
