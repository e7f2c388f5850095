import BackupModel
import BackupTestKit
import BytePipeline
import Testing

@testable import BackupEngine

@Suite("Key files")
struct KeyFileTests {
    private let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    private let identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

    @Test("A new key is its owner's alone, reads back, and is read by age-keygen; a second one never takes its place")
    func creation() async throws {
        try requireProgram("age-keygen", package: "age")
        try await withMachine { machine in
            let path = machine.folder + "/restore.key"
            let made = try KeyFile.create(path, now: machine.context.now())
            #expect(try KeyFile.identities(in: path).map(\.recipient) == [made.recipient])
            #expect(try KeyFile.identities(in: path).map(\.origin) == ["BACKUP_AGE_IDENTITY_FILE (\(path))"])
            #expect(try await Command("stat", ["-c", "%a", path]).output() == "600\n")
            #expect(try await Command("age-keygen", ["-y", path]).output() == made.recipient.text + "\n")
            let error = #expect(throws: BackupError.self) { try KeyFile.create(path, now: machine.context.now()) }
            #expect(error?.code == .targetExists)
            #expect(try KeyFile.identities(in: path).map(\.recipient) == [made.recipient])
        }
    }

    @Test(
        "An identity that others may read or change is refused", arguments: [("644", false), ("604", false), ("620", false), ("640", true)])
    func modes(mode: String, isGood: Bool) async throws {
        try await withMachine { machine in
            try await machine.write("key", identity + "\n")
            try await Command("chmod", [mode, machine.folder + "/key"]).output()
            do {
                _ = try KeyFile.identities(in: machine.folder + "/key")
                #expect(isGood)
            } catch let error as BackupError {
                #expect(!isGood)
                #expect(error.code == .permissionDenied)
                #expect(error.message.contains("permission"))
                #expect(error.hint?.contains("chmod 600 \(machine.folder)/key") == true)
            }
        }
    }

    @Test("What is wrong in a file is told with its line, and nothing secret")
    func lines() async throws {
        try await withMachine { machine in
            try await machine.write("key", "# a key\n\n  \(identity)  \r\n\(identity.dropLast())Y\n")
            try await Command("chmod", ["600", machine.folder + "/key"]).output()
            let error = #expect(throws: BackupError.self) { try KeyFile.identities(in: machine.folder + "/key") }
            #expect(error?.message.hasPrefix("line 4 of \(machine.folder)/key: ") == true, "\(error?.message ?? "")")
            #expect(error.map { !"\($0)\($0.hint ?? "")".contains("GFPYYSJZ") } == true)
        }
    }

    @Test("Recipients come from texts and files, each once")
    func recipients() async throws {
        try await withMachine(environment: ["BACKUP_AGE_RECIPIENTS": "\(recipient), team.txt"]) { machine in
            let other = AgeIdentity().recipient
            try await machine.write("team.txt", "# the team\n\(other)\n\(recipient)\n")
            let settings = try await machine.load().encryption
            #expect(settings.isOn)
            #expect(try settings.recipients().map(\.text) == [recipient, other.text])
            #expect(try settings.identities().isEmpty)
        }
    }

    @Test("Without the settings nothing is encrypted")
    func off() async throws {
        try await withMachine { machine in
            let settings = try await machine.load().encryption
            #expect(!settings.isOn)
            #expect(try settings.recipients().isEmpty)
        }
    }

    @Test(
        "What cannot be used is told with the setting's name",
        arguments: [
            ("age1qqqq", "checksum"), ("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", "secret half"),
        ])
    func wrong(text: String, reason: String) async throws {
        try await withMachine(environment: ["BACKUP_AGE_RECIPIENTS": text]) { machine in
            let error = await #expect(throws: BackupError.self) { try await machine.load() }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.hasPrefix("BACKUP_AGE_RECIPIENTS in the environment cannot be used") == true)
            #expect(error?.message.contains(reason) == true)
            #expect(error?.message.contains("GFPYYSJZ") == false)
        }
    }

    @Test("A file that is not there, holds nothing, or is no file", arguments: ["missing", "empty", "folder"])
    func files(name: String) async throws {
        try await withMachine(environment: ["BACKUP_AGE_RECIPIENTS": "./" + name]) { machine in
            try await machine.write("empty", "# nothing\n")
            try await Command("mkdir", [machine.folder + "/folder"]).output()
            let settings = try await machine.load().encryption
            let error = #expect(throws: BackupError.self) { try settings.recipients() }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("\(machine.folder)/\(name)") == true)
        }
    }
}
