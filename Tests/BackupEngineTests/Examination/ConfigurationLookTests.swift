import BackupModel
import BackupTestKit
import Doctor
import Glibc
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Files with secrets that others may read")
struct ConfigurationLookTests {
    private func open(_ setting: String, _ value: String, mode: mode_t, text: String = "{}") async throws -> [String] {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string)
            try await machine.write("key", text)
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

    @Test("A configuration of AWS is a secret where keys stand in it, and only there")
    func profiles() async throws {
        let keys = "[default]\nregion = eu-west-1\n[profile night]\naws_access_key_id = AK\naws_secret_access_key = a secret\n"
        #expect(try await open("AWS_CONFIG_FILE", "key", mode: 0o644, text: keys) == ["/key 0644"])
        #expect(try await open("AWS_CONFIG_FILE", "key", mode: 0o640, text: keys) == [])
        let plain = "[default]\nregion = eu-west-1\naws_secret_access_key =\n# aws_secret_access_key = a secret\n"
        #expect(try await open("AWS_CONFIG_FILE", "key", mode: 0o644, text: plain) == [])
        #expect(try await open("AWS_CONFIG_FILE", "gone", mode: 0o644) == [])
    }

    @Test("Those of the home folder count where there is a bucket", arguments: [false, true])
    func home(hasBucket: Bool) async throws {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string)
            if hasBucket { machine.environment["BACKUP_S3_BUCKET"] = "backups" }
            let aws = "\(machine.folder)/.aws"
            try #require(mkdir(aws, 0o700) == 0)
            try await machine.write(".aws/credentials", "[default]\naws_access_key_id = AK\naws_secret_access_key = a secret\n")
            try #require(chmod(aws + "/credentials", 0o644) == 0)
            var context = machine.context
            context.home = machine.folder
            let look = ConfigurationLook(configuration: try await machine.load(), context: context)
            #expect(look.condition.openFiles.map(\.path) == (hasBucket ? ["\(aws)/credentials"] : []))
        }
    }

    @Test("A key that is not there, and a file that is none, are not accused")
    func others() async throws {
        #expect(try await open("GOOGLE_APPLICATION_CREDENTIALS", "gone", mode: 0o644) == [])
        #expect(try await open("PGSSLROOTCERT", "key", mode: 0o644) == [])
    }
}
