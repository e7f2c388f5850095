import BackupEngine
import BackupModel
import Testing

@testable import BackupService

@Suite("Whose service it is")
struct ServiceIdentityTests {
    @Test("It says so when the state folder has said it, and by the settings that hold now")
    func fingerprint() async throws {
        try await withConfiguration(["BACKUP_JOBS": "1"]) { first, _ in
            let live = LiveConfiguration(first)
            let identity = ServiceIdentity(live)
            #expect(identity.fingerprint == nil)
            identity.take(Secret("a key"))
            let before = try #require(identity.fingerprint)
            try await withConfiguration(["BACKUP_JOBS": "2"]) { second, _ in
                live.replace(with: second)
                let after = try #require(identity.fingerprint)
                #expect(after.installation == before.installation && after.settings != before.settings)
                #expect(after == second.fingerprint(Secret("a key")))
            }
        }
    }
}
