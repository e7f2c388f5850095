import Testing

@testable import BackupEngine

@Suite("Settings of encryption")
struct EncryptionSettingsTests {
    @Test(
        "Nothing is encrypted where no recipient is named, and none says that this is meant",
        arguments: [("none", true), (nil, false)] as [(String?, Bool)])
    func off(text: String?, isDeclined: Bool) async throws {
        var environment = ["BACKUP_DIR": "backups"]
        environment["BACKUP_AGE_RECIPIENTS"] = text
        try await withMachine(environment: environment) { machine in
            let encryption = try await machine.load().encryption
            #expect(!encryption.isOn && encryption.isDeclined == isDeclined)
            #expect(try encryption.recipients().isEmpty)
        }
    }
}
