import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Failures of a folder")
struct LocalFailureTests {
    @Test("A disk that fills up: status of its own, nothing left behind")
    func full() async throws {
        try await SmallFilesystem.with(mebibytes: 1) { folder in
            let store = LocalStore(root: folder.string)
            let error = try await #require(throws: BackupError.self) {
                try await store.put("a.sql.gz") { sink in
                    for _ in 0..<8 { try await sink.write([UInt8](repeating: 1, count: 256 << 10)) }
                }
            }
            #expect(error.code == .outOfSpace)
            #expect(error.code.exitStatus == .outOfSpace)
            #expect(error.message == "cannot write \(folder)/a.sql.gz: no space left on the disk")
            #expect(error.hint?.contains("df -h \(folder)") == true)
            #expect(try await Command("ls", ["-A", folder.string]).output() == "")
        }
    }

    @Test("A file system out of inodes says so")
    func inodes() async throws {
        try await SmallFilesystem.with(mebibytes: 1) { folder in
            try await Command("mount", ["-o", "remount,nr_inodes=2", folder.string]).output()
            let store = LocalStore(root: folder.string)
            try await store.put("a", bytes: [1])
            let error = try await #require(throws: BackupError.self) { try await store.put("b", bytes: [1]) }
            #expect(error.code == .outOfSpace)
            #expect(error.message.hasSuffix("no inodes left"))
        }
    }

    @Test("A read-only file system says so")
    func readOnly() async throws {
        try await SmallFilesystem.with(mebibytes: 1) { folder in
            try await Command("mount", ["-o", "remount,ro", folder.string]).output()
            let error = try await #require(throws: BackupError.self) { try await LocalStore(root: folder.string).put("a", bytes: [1]) }
            #expect(error.code == .storeReadOnly)
            #expect(error.message == "cannot create \(folder)/a: the file system is read-only")
            #expect(error.hint?.contains("remount") == true)
        }
    }

    @Test("A file in place of the folder says so")
    func fileForFolder() async throws {
        try await withTemporaryFolder { folder in
            try await Command("touch", [folder.string + "/backups"]).output()
            let store = LocalStore(root: folder.string + "/backups")
            let error = try await #require(throws: BackupError.self) { try await store.put("a", bytes: [1]) }
            #expect(error.code == .storeFailed)
            #expect(error.message.contains("not a directory"))
        }
    }

    @Test(
        "Each cause has its words and its code",
        arguments: [
            (EACCES, BackupError.Code.storeFailed, "permission denied"), (EPERM, .storeFailed, "permission denied"),
            (EROFS, .storeReadOnly, "read-only"), (EDQUOT, .outOfSpace, "quota"), (EIO, .storeFailed, "input/output error"),
            (ENOENT, .storeFailed, "not there"), (ENAMETOOLONG, .storeFailed, "file name too long"),
        ] as [(Int32, BackupError.Code, String)]
    )
    func causes(number: Int32, code: BackupError.Code, words: String) {
        let error = localFailure(number, "write", "/backups/a")
        #expect(error.code == code)
        #expect(error.message.hasPrefix("cannot write /backups/a: "))
        #expect(error.message.contains(words))
    }

    @Test("Reading what is no file is refused")
    func folderForFile() async throws {
        let error = try await #require(throws: BackupError.self) { _ = try await LocalFile.open("/tmp") }
        #expect(error.message == "/tmp is not a regular file")
    }
}
