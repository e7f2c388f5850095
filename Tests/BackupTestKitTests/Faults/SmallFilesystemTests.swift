import BackupTestKit
import Testing

@Suite("The file system that is soon full")
struct SmallFilesystemTests {
    @Test("takes what fits and refuses more")
    func fills() async throws {
        try await SmallFilesystem.with(mebibytes: 2) { folder in
            let fits = try await Command("dd", ["if=/dev/zero", "of=\(folder)/a", "bs=1M", "count=1"]).outcome()
            #expect(fits.status == 0)
            let full = try await Command("dd", ["if=/dev/zero", "of=\(folder)/b", "bs=1M", "count=2"]).outcome()
            #expect(full.errors.contains("No space left on device"))
        }
    }
}
