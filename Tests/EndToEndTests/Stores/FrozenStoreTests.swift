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
}
