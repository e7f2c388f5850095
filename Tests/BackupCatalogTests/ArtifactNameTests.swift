import BackupModel
import Testing

@testable import BackupCatalog

@Suite("Names of artifacts")
struct ArtifactNameTests {
    @Test(
        "A database's name survives its file name",
        arguments: [
            ("call_center", "call_center"), ("Call-Center.v2", "Call-Center.v2"), ("a/b", "a%2Fb"), ("..", "%2E."),
            (".hidden", "%2Ehidden"),
            ("-rf", "%2Drf"), ("two words", "two%20words"), ("line\nbreak", "line%0Abreak"), ("100%", "100%25"),
            ("quote\"'`$", "quote%22%27%60%24"),
            ("звонки", "%D0%B7%D0%B2%D0%BE%D0%BD%D0%BA%D0%B8"), ("\u{1F4DE}", "%F0%9F%93%9E"),
        ]
    )
    func escaping(database: String, escaped: String) throws {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let name = ArtifactName.dump(of: database, id: id, format: .gzippedSQL)
        #expect(name == "\(escaped)-20260214T020000Z.sql.gz")
        let parsed = try #require(ArtifactName.parseDump(name))
        #expect(parsed.database == database)
        #expect(parsed.id == id)
        #expect(parsed.format == .gzippedSQL)
    }

    @Test("An encrypted file's name says the same as before, and that it is encrypted")
    func encryption() throws {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        for name in [ArtifactName.dump(of: "a.age", id: id, format: .custom), ArtifactName.redis(id, shard: 2), ArtifactName.globals(id)] {
            let encrypted = ArtifactName.encrypted(name)
            #expect(encrypted == name + ".age")
            #expect(ArtifactName.isEncrypted(encrypted) && !ArtifactName.isEncrypted(name))
            #expect(ArtifactName.plain(encrypted) == name && ArtifactName.plain(name) == name)
            #expect(ArtifactName.recoveryPointID(encrypted) == id)
        }
        #expect(ArtifactName.parseDump("a.age-20260214T020000Z.dump.age")?.database == "a.age")
        #expect(ArtifactName.isBeforeRestore(ArtifactName.encrypted(ArtifactName.beforeRestore(id))))
    }

    @Test("The longest name PostgreSQL allows fits a file system, unfinished too")
    func longest() throws {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        let name = ArtifactName.dump(of: String(repeating: "ж", count: 31) + "!", id: id, format: .gzippedSQL)
        #expect(".\(name).partial-4194304-1771034400000".utf8.count <= 255)
    }

    @Test(
        "Other names are not taken for dumps",
        arguments: [
            "dump.sql.gz", "a-20260214.sql.gz", "-20260214T020000Z.sql.gz", "a-20260214T020000Z.sql", "a%G1-20260214T020000Z.sql.gz",
            "latest.sql.gz",
        ]
    )
    func strangers(name: String) {
        #expect(ArtifactName.parseDump(name) == nil)
    }

    @Test("Each format has its ending")
    func endings() throws {
        let id = try #require(RecoveryPointID("20260214T020000Z"))
        #expect(ArtifactName.dump(of: "a", id: id, format: .custom) == "a-20260214T020000Z.dump")
        #expect(ArtifactName.dump(of: "a", id: id, format: .zstandardSQL) == "a-20260214T020000Z.sql.zst")
        #expect(ArtifactName.globals(id) == "globals-20260214T020000Z.sql")
        #expect(ArtifactName.manifestID("20260214T020000Z.json") == id)
        #expect(ArtifactName.manifestID("latest.json") == nil)
    }
}
