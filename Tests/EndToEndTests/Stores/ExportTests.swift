import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("An export")
struct ExportTests {
    @Test("lies elsewhere, is restored by pg_restore, and needs neither the stores nor the lock")
    func elsewhere() async throws {
        try await withCalls { server, database, admin in
            try await withTemporaryFolder { folder in
                var lame = admin
                lame.environment = [
                    "BACKUP_S3_BUCKET": "nowhere", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "a",
                    "AWS_SECRET_ACCESS_KEY": "b",
                ]
                let place = folder.appending("secure").string
                lame = try await lame.proving(["BACKUP_VERIFY_LEVEL": "auto"])
                let export = try await lame.command("db", "export", place, "--database", database).output()
                #expect(export.contains("restored without an error"), "\(export)")
                let names = try await Command("ls", [place]).output()
                #expect(names.contains("\(database)-") && names.contains(".dump\n") && names.contains("globals-"))
                #expect(try await admin.entries() == [])
                // An archive is restored; there is nothing in it that its rows could be compared with.
                #expect(!export.contains("verified by restore"), "\(export)")
                let copy = "copy_\(UInt32.random(in: .min ... .max))"
                try await server.createDatabase(copy)
                let script = "'\(server.program("pg_restore"))' -d \"$2\" \"$1\"/latest.dump"
                try await Command("bash", ["-c", script, "restore", place, copy], environment: server.environment).output()
                let rows = try await server.psql("SELECT count(*) FROM calls", database: copy)
                let expected = try await server.psql("SELECT count(*) FROM calls", database: database)
                try await server.dropDatabase(copy)
                #expect(rows == expected)
            }
        }
    }

    @Test("is encrypted where backups are, and with --unencrypted is not", arguments: [true, false])
    func encryption(isOff: Bool) async throws {
        try await withCalls { _, database, admin in
            try await withTemporaryFolder { folder in
                var sealing = admin
                sealing.environment["BACKUP_AGE_RECIPIENTS"] = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
                let place = folder.appending("handover").string
                let words = ["db", "export", place, "--database", database, "--only", "postgres"] + (isOff ? ["--unencrypted"] : [])
                try await sealing.command(words).output()
                let names = try await Command("ls", [place]).output().split(separator: "\n")
                let dumps = names.filter { $0.hasPrefix("\(database)-") }
                #expect(dumps.count == 1 && dumps.allSatisfy { $0.hasSuffix(isOff ? ".dump" : ".dump.age") }, "\(names)")
                #expect(names.contains { $0.hasSuffix(".age") } != isOff)
            }
        }
    }

    @Test("into a folder that cannot be made, or the one backups are kept in, is refused by that folder's name")
    func refused() async throws {
        try await withSmallDatabase { database, admin in
            let impossible = try await admin.command("db", "export", "/proc/nowhere").outcome()
            #expect(impossible.status != 0 && impossible.errors.contains("/proc/nowhere"), "\(impossible)")
            #expect(!impossible.errors.contains("BACKUP_"), "\(impossible)")
            try await admin.backup(database)
            let link = "\(admin.folder)-link"
            try await Command("ln", ["-s", admin.folder.string, link]).output()
            for name in [admin.folder.string, "\(admin.folder)/", "\(admin.folder)/.", link] {
                let own = try await admin.command("db", "export", name).outcome()
                #expect(own.status == 2 && own.errors.contains("is BACKUP_DIR"), "\(own)")
            }
        }
    }

    @Test("holds a Redis that redis-server opens, with everything in it")
    func redis() async throws {
        try await withRedis { redis in
            try await redis.fill(keys: 500)
            try await withSmallDatabase { database, admin in
                try await withTemporaryFolder { folder in
                    var admin = admin
                    admin.environment["REDIS_URL"] = redis.url()
                    let place = folder.appending("secure")
                    try await admin.command("db", "export", place.string, "--database", database).output()
                    let names = try await Command("ls", [place.string]).output().split(separator: "\n").map(String.init)
                    let copy = try #require(names.first { $0.hasPrefix("redis-") && $0.hasSuffix(".rdb.gz") }, "\(names)")
                    try await requireLoaded(place.appending(copy), of: redis)
                }
            }
        }
    }

    private func requireLoaded(_ file: FilePath, of redis: RedisServer) async throws {
        var blueprint = RedisBlueprint(redis.version)
        blueprint.prepare = { folder in
            let script = #"gzip -dc "$1" > "$2/dump.rdb" && chmod 644 "$2/dump.rdb""#
            try await Command("bash", ["-c", script, "load", file.string, folder.string]).output()
        }
        let loaded = try await withRedis(blueprint) { try await $0.cli("DEBUG", "DIGEST") }
        let digest = try await redis.cli("DEBUG", "DIGEST")
        #expect(loaded == digest)
        // An empty one has a digest, too.
        #expect(!digest.allSatisfy { $0 == "0" })
    }

    @Test("catalog rebuild reads every store again, whatever was remembered of it")
    func rebuild() async throws {
        try requireProgram("sqlite3", package: "sqlite3")
        try await withThreeStores { _, database, stores in
            try await stores.admin.command("db", "backup", "--database", database).output()
            // Only who lists remembers what it read, and only of far stores.
            try await stores.admin.command("db", "list").output()
            let damage = "UPDATE manifest SET content = CAST('no JSON' AS BLOB); SELECT changes()"
            let damaged = try await Command("sqlite3", ["\(stores.admin.folder)/../state/catalog.sqlite", damage]).output()
            #expect(damaged == "2\n")
            let misled = try await stores.admin.command("db", "list").outcome()
            #expect(misled.output.contains("cannot be read"), "\(misled)")
            let rebuilt = try await stores.admin.command("catalog", "rebuild", "--json").output()
            #expect(rebuilt.components(separatedBy: "\"backups\" : 1").count == 4, "\(rebuilt)")
            #expect(rebuilt.components(separatedBy: "\"unreadable\" : 0").count == 4, "\(rebuilt)")
            let list = try await stores.admin.command("db", "list").output()
            #expect(!list.contains("cannot be read"), "\(list)")
        }
    }
}
