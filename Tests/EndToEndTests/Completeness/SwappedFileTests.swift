import BackupCatalog
import BackupModel
import BackupTestKit
import DumpFormat
import ObjectStores
import SystemPackage
import Testing

@Suite("A file in the place of the one that a backup stored")
struct SwappedFileTests {
    @Test("is not restored where it is an older dump of the same database: both moments are named, and away from the manifest it can be")
    func olderDump() async throws {
        try await withStored { database, admin, older in
            try await admin.server.psql("UPDATE teams SET balance = 101 WHERE id = 1", database: database)
            let newer = try await admin.backup(database)
            #expect(newer != older)
            let moments = [try await DumpIndex(of: older).source.startedAt, try await DumpIndex(of: newer).source.startedAt]
            try await admin.put(try await read(older), inPlaceOf: newer)
            let id = try #require(newer.lastComponent.flatMap { ArtifactName.recoveryPointID($0.string) })
            for reference in [id.description, newer.string] {
                try await requireRefused(admin, reference, database, moments + ["copy it into another folder"])
            }
            try await admin.command("db", "restore", older.string, "--dry-run").output()
            let elsewhere = try await copy(newer, awayFrom: admin.folder)
            let balance = try await admin.restored(elsewhere) {
                try await admin.server.psql("SELECT balance FROM teams WHERE id = 1", database: $0)
            }
            #expect(balance == "100")
        }
    }

    @Test("is not restored where it is a stranger's script of the same size")
    func foreignScript() async throws {
        try await withStored { database, admin, dump in
            let key = try #require(dump.lastComponent?.string)
            let store = LocalStore(root: admin.folder.string)
            let forged = try await script("CREATE TABLE forged (x int);", bytes: try await store.read(key).count, in: admin)
            try await store.delete(key)
            try await store.put(key, bytes: forged)
            let text = try await Command("zcat", [dump.string]).output()
            #expect(text == "CREATE TABLE forged (x int);\n")
            for reference in ["latest", dump.string] {
                try await requireRefused(admin, reference, database, ["is another program's dump", "a dump of \(database) of "])
            }
        }
    }

    @Test("is not restored where it is of another size, also when it is named by its path")
    func otherSize() async throws {
        try await withStored { database, admin, dump in
            try await Command("bash", ["-c", "printf x >> \"$1\"", "append", dump.string]).output()
            for reference in ["latest", dump.string] {
                try await requireRefused(admin, reference, database, ["bytes, and the manifest says ", "copy it into another folder"])
            }
        }
    }

    /// Whatever is asked for ends with status 3 and these words, and makes no database.
    private func requireRefused(_ admin: AdminProgram, _ reference: String, _ database: String, _ words: [String]) async throws {
        for place in [["--dry-run"], ["--into", "\(database)_copy"], ["--replace", "--yes"]] {
            let outcome = try await admin.command(["db", "restore", reference] + place).outcome()
            #expect(outcome.status == 3, "\(place): \(outcome)")
            for word in words { #expect(outcome.errors.contains(word), "\(place): \(outcome)") }
        }
        let made = try await admin.server.psql("SELECT count(*) FROM pg_database WHERE datname LIKE '\(database)_%'")
        #expect(made == "0")
    }

    private func read(_ file: FilePath) async throws -> [UInt8] {
        try await LocalStore(root: file.removingLastComponent().string).read(try #require(file.lastComponent?.string))
    }

    private func copy(_ file: FilePath, awayFrom folder: FilePath) async throws -> FilePath {
        let elsewhere = folder.removingLastComponent().appending("elsewhere")
        try await Command("mkdir", [elsewhere.string]).output()
        try await Command("cp", [file.string, elsewhere.string]).output()
        return elsewhere.appending(try #require(file.lastComponent?.string))
    }

    /// A script as a gzip file of so many bytes: behind it stands an empty member whose file name is as long as that takes (RFC 1952, 2.3).
    private func script(_ sql: String, bytes: Int, in admin: AdminProgram) async throws -> [UInt8] {
        let folder = admin.folder.removingLastComponent()
        try await Command("bash", ["-c", "echo \"$1\" | gzip -n > \"$2\"", "pack", sql, folder.appending("forged.sql.gz").string]).output()
        var file = try await LocalStore(root: folder.string).read("forged.sql.gz")
        let (head, tail): ([UInt8], [UInt8]) = ([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255], [0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        let name = [UInt8](repeating: UInt8(ascii: "x"), count: bytes - file.count - head.count - tail.count)
        file += head + name + tail
        return file
    }

    /// A small database with one backup of it.
    private func withStored(_ body: (_ database: String, AdminProgram, _ dump: FilePath) async throws -> Void) async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            try await server.loadCalls(into: database, mebibytes: 1)
            try await withAdmin(server) { admin in try await body(database, admin, try await admin.backup(database)) }
        }
    }
}
