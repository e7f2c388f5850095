import Glibc
import Testing

@testable import BackupModel

@Suite("What the system tells in files")
struct SystemFilesTests {
    @Test("A file's beginning is read, a link only where links are followed, and what is not there is nil")
    func text() throws {
        #expect(SystemFiles.text(of: "/proc/self/comm", limit: 3)?.utf8.count == 3)
        #expect(SystemFiles.text(of: "/proc/self/exe", limit: 4, followsLinks: false) == nil)
        #expect(SystemFiles.text(of: "/nowhere") == nil)
    }

    @Test("A whole file is read, however long, and an empty one is empty; what is not there, or is no file, is nil")
    func contents() throws {
        let maps = try #require(SystemFiles.contents(of: "/proc/self/maps"))
        #expect(maps.count > 8192 && maps.last == UInt8(ascii: "\n"))
        #expect(SystemFiles.contents(of: "/dev/null") == [])
        #expect(SystemFiles.contents(of: "/nowhere") == nil && SystemFiles.contents(of: "/proc") == nil)
    }

    @Test("Names in a folder are listed; a folder that is not there has none to tell")
    func names() {
        #expect(SystemFiles.names(in: "/proc")?.contains("\(getpid())") == true)
        #expect(SystemFiles.names(in: "/nowhere") == nil)
    }
}
