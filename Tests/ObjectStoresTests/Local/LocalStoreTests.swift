import BackupModel
import BackupTestKit
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Local store")
struct LocalStoreTests {
    @Test("It keeps the contract of stores", arguments: StoreContract.allCases)
    func contract(promise: StoreContract) async throws {
        try await withTemporaryFolder { folder in try await promise.check(on: LocalStore(root: folder.string)) }
    }

    @Test("The folder is made for its owner alone, and so are files")
    func modes() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.string + "/a/b"
            try await LocalStore(root: root + "/").put("x", bytes: [1])
            #expect(try mode(of: root) == 0o700)
            #expect(try mode(of: root + "/x") == 0o600)
        }
    }

    @Test("Symlinks, folders and hidden files are not listed")
    func listing() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            try await store.put("a.sql.gz", bytes: [1])
            try await store.alias("latest.sql.gz", to: "a.sql.gz")
            try await Command("mkdir", [folder.string + "/.state", folder.string + "/sub"]).output()
            try await Command("touch", [folder.string + "/.hidden"]).output()
            #expect(try await store.list().map(\.key) == ["a.sql.gz"])
        }
    }

    @Test("Aliases are relative symlinks that move in one step")
    func aliases() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            try await store.put("a", bytes: [1])
            try await store.put("b", bytes: [2])
            #expect(try await store.target(ofAlias: "latest") == nil)
            try await store.alias("latest", to: "a")
            try await store.alias("latest", to: "b")
            #expect(try await store.target(ofAlias: "latest") == "b")
            #expect(try await store.read("latest") == [2])
            #expect(try await Command("readlink", [folder.string + "/latest"]).output() == "b\n")
            #expect(try await Command("ls", ["-A", folder.string]).output() == "a\nb\nlatest\n")
        }
    }

    @Test("File systems without symlinks are known by what symlink(2) answers; a folder closed to us is another matter")
    func noSymlinks() {
        #expect([EPERM, ENOTSUP, ENOSYS].allSatisfy(LocalStore.meansNoLinks))
        #expect(![EACCES, ENOSPC, EROFS, EIO].contains(where: LocalStore.meansNoLinks))
    }

    @Test("What is deleted while it is changed stays deleted")
    func deletedDuringChange() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            try await store.put("a", bytes: [1])
            let deletion = Mutex<Task<Void, any Error>?>(nil)
            try await store.update("a") { bytes in
                deletion.withLock { $0 = Task { try await store.delete("a") } }
                // A deletion that does not wait has its chance to be done first.
                for _ in 0..<30 where access(store.path("a"), F_OK) == 0 { usleep(10_000) }
                return bytes + [2]
            }
            try await deletion.withLock { $0 }?.value
            #expect(try await store.list().isEmpty)
        }
    }

    @Test("What may not be opened for writing can be deleted")
    func deletingWithoutLock() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            try await store.alias("latest", to: "gone")
            try await store.delete("latest")
            #expect(try await Command("ls", ["-A", folder.string]).output().isEmpty)
        }
    }

    @Test("A folder that does not exist is named, not made, by reading")
    func missingFolder() async throws {
        let error = try await #require(throws: BackupError.self) { _ = try await LocalStore(root: "/nonexistent/backups").list() }
        #expect(error.code == .artifactMissing)
        #expect(error.message == "there is no folder /nonexistent/backups")
    }

    @Test("Space is measured on the folder's file system")
    func space() async throws {
        try await SmallFilesystem.with(mebibytes: 4) { folder in
            let space = try await LocalStore(root: folder.string).space()
            #expect(space.totalBytes == 4 << 20)
            #expect(space.freeBytes <= 4 << 20)
        }
    }

    private func mode(of path: String) throws -> mode_t {
        var facts = stat()
        try #require(stat(path, &facts) == 0)
        return facts.st_mode & 0o777
    }
}
