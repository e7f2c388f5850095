import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("A store that freezes while it is given a backup")
struct FrozenStoreTests {
    /// A folder, and a bucket of SeaweedFS behind something that may stop to move: nothing is refused then, and nothing closed.
    private func withFreezingBucket(
        afterBytes bytes: Int, _ body: (_ database: String, AdminProgram, _ bucket: String, FaultProxy) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withS3 { s3, prefix in
            try await withFaultProxy(to: s3.port, .stall(afterBytes: bytes), counting: .toServer) { proxy in
                try await withDatabase { server, database in
                    try await server.loadCalls(into: database, mebibytes: 10)
                    try await withAdmin(server) { admin in
                        var admin = admin
                        admin.environment = [
                            "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_REGION": s3.region,
                            "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(proxy.port)", "AWS_ACCESS_KEY_ID": s3.accessKeyID,
                            "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey, "BACKUP_STORE_LAG_LIMIT": "2s",
                        ]
                        try await body(database, admin, "s3://\(s3.bucket)/\(prefix)", proxy)
                    }
                }
            }
        }
    }

    @Test(
        "costs the run no more than the limit: status 8, the folder has it whole, and the next run gives the bucket its copy",
        arguments: [0, 60_000]
    )
    func frozen(afterBytes bytes: Int) async throws {
        try await withFreezingBucket(afterBytes: bytes) { database, admin, bucket, proxy in
            let outcome = try await admin.command("db", "backup", "--database", database).outcome()
            #expect(outcome.status == 8, "\(outcome)")
            #expect(outcome.errors.contains("is stored in 1 of 2 stores, not in \(bucket)"), "\(outcome)")
            let point = try #require(try await Catalog(store: LocalStore(root: admin.folder.string)).list().points.first)
            #expect(point.isSound)
            proxy.resume()
            // What it gives the bucket now may take as long as this machine does.
            var patient = admin
            patient.environment["BACKUP_STORE_LAG_LIMIT"] = nil
            let next = try await patient.command("db", "backup", "--database", database).outcome()
            #expect(next.status == 0, "\(next)")
            #expect(next.errors.contains("the copy of \(point.id) that \(bucket) lacked is there now"), "\(next)")
            let list = try await admin.command("db", "list").output()
            #expect(list.ranges(of: "2 of 2").count == 2, "\(list)")
            for listed in try await admin.listed() {
                try await admin.command("db", "verify-backup", "\(bucket)/\(listed.id)", "--level", "content").output()
            }
        }
    }

    @Test("is not waited for by a check that is called off: what is known is said, and what was not tried; status 143")
    func check() async throws {
        try await withFreezingBucket(afterBytes: 60_000) { _, admin, bucket, proxy in
            let outcome = try await admin.command("storage", "check").outcome { running in
                await proxy.reached(60_000)
                try running.send(.terminate)
            }
            #expect(outcome.status == 143, "\(outcome)")
            let places = outcome.output.split(separator: "\n\n")
            #expect(places.count == 2 && places[0].hasPrefix(admin.folder.string) && places[1].hasPrefix(bucket), "\(outcome)")
            #expect(places[0].contains("  ok       delete: everything stored for this check was removed"), "\(outcome)")
            #expect(places[1].contains("  ok       write: "), "\(outcome)")
            #expect(places[1].contains("  unknown  object lock: not tried, as the check was called off"), "\(outcome)")
            #expect(!(outcome.output + outcome.errors).contains("CancellationError"), "\(outcome)")
        }
    }
}

@Suite("A bucket that freezes while a backup is restored from it")
struct FrozenRestoreTests {
    /// A bucket with one backup, and the program that reaches it through something that stops to move after so many bytes of answers.
    private func withFreezingBucket(
        afterBytes bytes: Int, _ body: (AdminProgram, _ bucket: String, _ key: String) async throws -> Void
    ) async throws {
        try requireServer(15)
        try await withS3 { s3, prefix in
            try await withDatabase { server, database in
                try await server.loadCalls(into: database, mebibytes: 10)
                try await withAdmin(server) { admin in
                    var admin = admin
                    admin.environment = [
                        "BACKUP_S3_BUCKET": s3.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_REGION": s3.region, "AWS_ENDPOINT_URL_S3": s3.url,
                        "AWS_ACCESS_KEY_ID": s3.accessKeyID, "AWS_SECRET_ACCESS_KEY": s3.secretAccessKey,
                    ]
                    let dump = try await admin.backup(database)
                    try await withFaultProxy(to: s3.port, .stall(afterBytes: bytes), counting: .fromServer) { proxy in
                        admin.environment["AWS_ENDPOINT_URL_S3"] = "http://127.0.0.1:\(proxy.port)"
                        admin.environment["BACKUP_STALL_TIMEOUT"] = "3s"
                        try await body(admin, "s3://\(s3.bucket)/\(prefix)", try #require(dump.lastComponent?.string))
                    }
                }
            }
        }
    }

    @Test("is said to be silent, and given up after BACKUP_STALL_TIMEOUT: the error names it, the file and the other copy")
    func silent() async throws {
        try await withFreezingBucket(afterBytes: 1_000_000) { admin, bucket, key in
            let outcome = try await admin.command("db", "restore", "\(bucket)/latest", "--into", "never").outcome()
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("warning: \(bucket) has been silent for 1 s while \(key) is read"), "\(outcome)")
            #expect(outcome.errors.contains("\(bucket) was silent for 3 s while \(key) was read"), "\(outcome)")
            let other = "hint: Restore another copy: `call-center-admin db restore \(admin.folder)/\(key)`"
            #expect(outcome.errors.contains(other), "\(outcome)")
        }
    }
}
