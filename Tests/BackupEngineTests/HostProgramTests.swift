import BackupTestKit
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A program of this machine")
struct HostProgramTests {
    @Test("is found in the first folder that has it, and none is where no folder does")
    func found() async throws {
        try await withTemporaryFolder { folder in
            try await Command("bash", ["-c", #"printf '#!/bin/sh\n' >"$0/sh" && chmod 755 "$0/sh""#, folder.string]).output()
            #expect(HostProgram("sh", in: "/no/such/folder:\(folder):/bin")?.path == "\(folder)/sh")
            #expect(HostProgram("sh", in: nil) != nil && HostProgram("sh", in: "/no/such/folder") == nil)
        }
    }

    @Test("does what it is told where it is told, or says in one line why not")
    func told() async throws {
        try await withTemporaryFolder { folder in
            let shell = try #require(HostProgram("sh", in: nil))
            let made = try await shell.complaint(doing: ["-c", "echo made; touch here"], in: folder.string)
            #expect(made == nil)
            #expect(try await Command("ls", [folder.string]).output() == "here\n")
            let said = try await shell.complaint(doing: ["-c", "echo one >&2; echo two >&2; exit 3"])
            #expect(said == "one two")
        }
    }
}
