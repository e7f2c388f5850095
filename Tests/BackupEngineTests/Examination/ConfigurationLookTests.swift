import BackupTestKit
import Doctor
import Glibc
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Files with secrets that others may read")
struct ConfigurationLookTests {
    private func open(_ setting: String, _ value: String, mode: mode_t) async throws -> [String] {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string)
            try await machine.write("key", "{}")
            try #require(chmod("\(machine.folder)/key", mode) == 0)
            machine.environment[setting] = value
            let look = ConfigurationLook(configuration: try await machine.load(), context: machine.context)
            return look.condition.openFiles.map { "\($0.path.replacing(machine.folder, with: "")) \($0.octal)" }
        }
    }

    @Test(
        "Keys that a setting names are secrets themselves",
        arguments: ["AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "GOOGLE_APPLICATION_CREDENTIALS", "PGSSLKEY"])
    func keys(_ setting: String) async throws {
        #expect(try await open(setting, "key", mode: 0o644) == ["/key 0644"])
        #expect(try await open(setting, "key", mode: 0o640) == [])
    }

    @Test("A key that is not there, and a file that is none, are not accused")
    func others() async throws {
        #expect(try await open("GOOGLE_APPLICATION_CREDENTIALS", "gone", mode: 0o644) == [])
        #expect(try await open("PGSSLROOTCERT", "key", mode: 0o644) == [])
    }
}
