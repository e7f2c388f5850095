import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("A file in the making")
struct PartialFileTests {
    @Test("What is on the disk of a large file takes no memory from others")
    func forgotten() async throws {
        try await withTemporaryFolder { folder in
            if try isAlwaysResident("\(folder)/control") { try Test.cancel("this file system does not say what is in memory") }
            let store = LocalStore(root: folder.string)
            try await store.put("small", bytes: [UInt8](repeating: 1, count: 1 << 20))
            #expect(try residentBytes(of: folder.string + "/small") >= 1 << 19)

            let piece = [UInt8](repeating: 2, count: 8 << 20)
            try await store.put("large") { file in
                for _ in 0..<9 { try await file.write(piece) }
            }
            #expect(try residentBytes(of: folder.string + "/large") < 1 << 20)
            #expect(try await store.open("large").read(at: 64 << 20, count: piece.count) == piece)
        }
    }

    /// Whether a file that nobody needs in memory is called resident all the same: a tmpfs has nothing but memory, and gVisor, 9p and FUSE say it of
    /// every page.
    private func isAlwaysResident(_ path: String) throws -> Bool {
        let bytes = [UInt8](repeating: 0, count: 1 << 20)
        let descriptor = try posix("create", path) { open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600) }
        defer { close(descriptor) }
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        try #require(fsync(descriptor) == 0)
        try #require(posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0)
        return try residentBytes(of: path) >= 1 << 19
    }

    /// How much of a file the system holds in memory (mincore).
    private func residentBytes(of path: String) throws -> Int {
        let descriptor = try posix("open", path) { open(path, O_RDONLY) }
        defer { close(descriptor) }
        let count = Int(lseek(descriptor, 0, SEEK_END))
        let map = try #require(mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0))
        try #require(map != MAP_FAILED)
        defer { munmap(map, count) }
        let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
        var pages = [UInt8](repeating: 0, count: (count + pageBytes - 1) / pageBytes)
        try #require(mincore(map, count, &pages) == 0)
        return pages.count { $0 & 1 == 1 } * pageBytes
    }
}
