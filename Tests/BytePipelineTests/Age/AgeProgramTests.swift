import BackupModel
import BackupTestKit
import BytePipeline
import Foundation
import SystemPackage
import Testing

@Suite("Together with the program age")
struct AgeProgramTests {
    private func write(_ bytes: [UInt8], _ path: FilePath) throws { try Data(bytes).write(to: URL(filePath: path.string)) }
    private func read(_ path: FilePath) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path.string))) }

    @Test("age reads what we write, with an identity file of ours", arguments: [0, 1, 65_536, 65_537, 1 << 20, 3 << 20 + 5])
    func outwards(size: Int) async throws {
        try requireProgram("age", package: "age")
        let (identity, plain) = (AgeIdentity(), noise(size))
        try await withTemporaryFolder { folder in
            try write(Array("# restore key\n\(identity.text.reveal())\n".utf8), folder.appending("key"))
            try write(try await encrypted(plain, to: [AgeIdentity().recipient, identity.recipient]), folder.appending("file.age"))
            let files = [folder.appending("key").string, folder.appending("file").string, folder.appending("file.age").string]
            // Not -o: for an empty file age 1.1 makes none.
            try await Command("sh", ["-c", #"age -d -i "$0" "$2" > "$1""#] + files).output()
            #expect(try read(folder.appending("file")) == plain)
        }
    }

    @Test("We read what age writes, with a key of age's", arguments: [0, 1, 65_535, 65_536, 131_072, 3 << 20 + 5])
    func inwards(size: Int) async throws {
        try requireProgram("age", package: "age")
        let plain = noise(size)
        try await withTemporaryFolder { folder in
            try await Command("age-keygen", ["-o", folder.appending("key").string]).output()
            let recipient = try await Command("age-keygen", ["-y", folder.appending("key").string]).output()
            let line = String(decoding: try read(folder.appending("key")), as: UTF8.self).split(separator: "\n").last
            let identity = try AgeIdentity(Secret(String(try #require(line))))
            #expect(identity.recipient.text + "\n" == recipient)
            try write(plain, folder.appending("file"))
            let sealed = folder.appending("file.age")
            let arguments = ["-r", AgeIdentity().recipient.text, "-r", identity.recipient.text, "-o", sealed.string]
            try await Command("age", arguments + [folder.appending("file").string]).output()
            #expect(try await decrypted(try read(sealed), with: [identity]) == plain)
        }
    }
}
