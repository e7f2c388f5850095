import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("One table of a backup in a bucket")
struct BucketRangesTests {
    /// The file has to be large beside the blocks of 4 MiB it is read in: where it begins, where its index is, and where the table is.
    @Test("is looked at and restored with less than a fifth of the file sent, by S3 and by Cloud Storage; so it is of an encrypted one")
    func oneTable() async throws {
        try requireProgram("age", package: "age")
        try await withThreeStores(mebibytes: 160) { server, database, stores in
            try await withTemporaryFolder { folder in
                var stores = stores
                stores.admin.environment["BACKUP_DIR"] = "none"
                try await requireFewBytes(server, database, stores, ending: ".sql.gz")
                let identity = folder.appending("restore.key").string
                try await stores.admin.command("key", "generate", identity).output()
                let recipient = try await Command("age-keygen", ["-y", identity]).output().filter { !$0.isNewline }
                stores.admin.environment["BACKUP_AGE_RECIPIENTS"] = recipient
                stores.admin.environment["BACKUP_AGE_IDENTITY_FILE"] = identity
                try await requireFewBytes(server, database, stores, ending: ".sql.gz.age")
            }
        }
    }

    private func requireFewBytes(_ server: PostgresServer, _ database: String, _ stores: ThreeStores, ending: String) async throws {
        try await stores.admin.command("db", "backup", "--database", database).output()
        for (store, setting) in [(stores.s3, "AWS_ENDPOINT_URL_S3"), (stores.gcs, "STORAGE_EMULATOR_HOST")] as [(any BackupStore, String)] {
            let dump = try #require(try await Catalog(store: store).list().points.max { $0.id < $1.id }?.dumps.first)
            #expect(dump.key.hasSuffix(ending), "\(dump.key)")
            let copy = "copy_\(UInt32.random(in: .min ... .max))"
            let restore = ["db", "restore", "\(store.name)/\(dump.key)", "--into", copy, "--table", "agents", "--yes"]
            for command in [["db", "show", "\(store.name)/latest"], restore + ["--dry-run"], restore] {
                let bytes = try await bytesSent(by: setting, to: stores.admin, command)
                #expect(bytes > 0 && Int64(bytes) < dump.bytes / 5, "\(bytes) of \(dump.bytes) bytes for \(command)")
            }
            let rows = try await server.psql("SELECT count(*) FROM agents", database: copy)
            try await server.dropDatabase(copy)
            #expect(rows == "100")
        }
    }

    /// What the server of a bucket answers while a command runs, everything counted that is not the command's own.
    private func bytesSent(by setting: String, to admin: AdminProgram, _ command: [String]) async throws -> Int {
        let url: String? = admin.environment[setting] ?? nil
        let port = try #require(url?.split(separator: ":").last.flatMap { Int($0) })
        return try await withFaultProxy(to: port, .none) { proxy in
            var admin = admin
            admin.environment[setting] = "http://127.0.0.1:\(proxy.port)"
            try await admin.command(command).output()
            return proxy.observation.bytes
        }
    }
}
