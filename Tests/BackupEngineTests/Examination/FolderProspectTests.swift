import BackupTestKit
import Doctor
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Whether a folder could be made")
struct FolderProspectTests {
    @Test("One that is there, and one below a folder that takes it, has nothing against it; and none is made")
    func possible() async throws {
        try await withTemporaryFolder { folder in
            for name in ["", "/a", "/a/b/c"] { #expect(FolderProspect(folder: folder.string + name).obstacle == nil) }
            let left = try await Command("ls", ["-A", folder.string]).output()
            #expect(left == "")
        }
    }

    @Test(
        "Among the kernel's own files none can be made, whoever asks, nor below a file",
        arguments: ["/proc/nope", "/sys/no/such", "/dev/null/x"])
    func impossible(path: String) throws {
        let trouble = try #require(FolderProspect(folder: path).obstacle)
        #expect(trouble.message.hasPrefix("\(path) is not there, and cannot be made in /"))
        #expect(trouble.russian?.contains(path) == true)
    }
}
