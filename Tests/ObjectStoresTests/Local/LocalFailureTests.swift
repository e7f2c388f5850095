import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ObjectStores

/// What the table of `LocalFaultTests` has no place for.
@Suite("Failures of a folder")
struct LocalFailureTests {
    @Test("A check of a folder speaks of the folder, and what an earlier one left is not in its way")
    func probe() async throws {
        try await SmallFilesystem.with(mebibytes: 1) { folder in
            let store = LocalStore(root: folder.string)
            try await store.put("config-check", bytes: [1])
            #expect(try await store.probe() == .writable)
            #expect(try await store.list().isEmpty)
            try await Command("mount", ["-o", "remount,ro", folder.string]).output()
            let error = try await #require(throws: BackupError.self) { try await store.probe() }
            #expect(error.code == .storeReadOnly)
            #expect(error.message == "cannot write in the folder \(folder): the file system is read-only")
        }
    }

    @Test("A folder that could not be made is told, though root has every right above it", arguments: ["/proc/nope", "/sys/nope/deep"])
    func unmade(path: String) async throws {
        let error = try await #require(throws: BackupError.self) { try await LocalStore(root: path).probe() }
        #expect(error.code == .storeFailed && error.message.hasPrefix("cannot create the folder \(path) in /"))
    }

    @Test(
        "Each cause has its words and its code",
        arguments: [
            (EACCES, BackupError.Code.storeFailed, "permission denied"), (EPERM, .storeFailed, "permission denied"),
            (EROFS, .storeReadOnly, "read-only"), (EDQUOT, .outOfSpace, "quota"), (EIO, .storeFailed, "input/output error"),
            (ENOENT, .storeFailed, "not there"), (ENAMETOOLONG, .storeFailed, "file name too long"),
            (EFBIG, .storeFailed, "file too large"), (EMFILE, .storeFailed, "too many open files"),
        ] as [(Int32, BackupError.Code, String)]
    )
    func causes(number: Int32, code: BackupError.Code, words: String) {
        let error = localFailure(number, "write", "/backups/a")
        #expect(error.code == code)
        #expect(error.message.hasPrefix("cannot write /backups/a: "))
        #expect(error.message.contains(words))
    }
}
