import BackupTestKit
import SystemPackage
import Testing

@Suite("A file system that hangs")
struct HangingFilesystemTests {
    @Test("answers, hangs, and answers again")
    func hangs() async throws {
        try await HangingFilesystem.with { filesystem in
            let file = filesystem.folder.appending("a").string
            try await Command("touch", [file]).output()
            try filesystem.hang()
            // Killed, as a shell counts.
            #expect(try await Command("timeout", ["-s", "KILL", "0.3", "stat", file + "b"]).outcome().status == 137)
            async let waiting = Command("cat", [file]).output()
            try filesystem.answer()
            #expect(try await waiting == "")
        }
    }
}
