import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import BackupCatalog

@Suite("A folder of files that are ours alone")
struct StateFolderTests {
    @Test("is made with those above it, for nobody else, and left as it is where it is there")
    func made() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/above/state"
            #expect(StateFolder.make(path) == nil && StateFolder.make(path) == nil)
            let mode = try await Command("stat", ["-c", "%a", path]).output()
            #expect(mode == "700\n")
        }
    }

    @Test("says by its number what keeps it from being made")
    func refused() { #expect(StateFolder.make("/proc/nowhere") == ENOENT) }
}
