import Testing

@testable import BackupModel

@Suite("What is told of a file")
struct FileFactsTests {
    @Test("Two names of one file are the same file; what is not there has no facts")
    func same() throws {
        let (root, again, other) = (try #require(FileFacts("/")), try #require(FileFacts("/usr/..")), try #require(FileFacts("/proc")))
        #expect(root.isSameFile(as: again) && !root.isSameFile(as: other))
        #expect(try #require(FileFacts("/dev/null")).mode == 0o666)
        #expect(FileFacts("/nowhere") == nil)
    }
}
