import BackupCatalog
import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

/// A folder, a bucket of SeaweedFS and one of fake-gcs-server, as one configuration has them.
struct ThreeStores {
    var admin: AdminProgram
    let local: LocalStore
    let s3: S3Store
    let gcs: GCSStore

    var all: [any BackupStore] { [local, s3, gcs] }

    /// - Throws: where a manifest cannot be read, or a listed recovery point is not whole.
    func requireOnlyWholePoints(_ place: String) async throws {
        for store in all {
            let listing = try await listing(of: store)
            #expect(listing.unreadable.isEmpty, "\(place), \(store.name)")
            for point in listing.points { #expect(point.isSound, "\(place), \(store.name): \(point.id) is \(point.condition)") }
        }
    }

    /// The newest point of each store passes the look at its structure.
    func requireNewestVerified(_ place: String) async throws {
        for store in all {
            guard let dump = try await listing(of: store).points.first?.dumps.first else { continue }
            let outcome = try await admin.command("db", "verify-backup", "\(store.name)/\(dump.key)", "--level", "quick").outcome()
            #expect(outcome.status == 0, "\(place), \(store.name): \(outcome)")
        }
    }

    /// Every dump that any store lists can be read to its last row.
    func requireReadable() async throws {
        for store in all {
            for dump in try await listing(of: store).points.filter(\.isSound).flatMap(\.dumps) {
                let outcome = try await admin.command("db", "verify-backup", "\(store.name)/\(dump.key)", "--level", "content").outcome()
                #expect(outcome.status == 0, "\(store.name): \(outcome)")
            }
        }
    }

    /// Every file in a store belongs to a recovery point of it, and nothing is half sent.
    func requireNothingElse() async throws {
        for store in all { #expect(try await strangers(in: store) == [], "\(store.name)") }
        #expect(try await s3.removeLeftovers { _ in true }.isEmpty)
        #expect(try await halfWritten() == [])
    }

    /// What a store holds beside its recovery points: files that none of them names, and what is half written or half sent.
    func leftovers(in store: any BackupStore) async throws -> Set<String> {
        var found = try await strangers(in: store)
        if store.name == local.name { found.formUnion(try await halfWritten()) }
        if store.name == s3.name { found.formUnion(try await s3.begunKeys().map { "\($0), half sent" }) }
        return found
    }

    private func halfWritten() async throws -> [String] {
        let names = ["-name", ".*.partial-*", "-o", "-name", ".*.link-*"]
        return try await Command("find", [local.root, "-maxdepth", "1", "("] + names + [")", "-printf", "%f\n"]).output()
            .split(separator: "\n").map(String.init)
    }

    /// The same, once runs have cleaned that began when all the killed runs had sent was stored: a server goes on with a request it has whole.
    func awaitNothingElse(runs: Int = 10) async throws {
        for _ in 0..<runs {
            try await admin.command("db", "sync").output()
            var found: Set<String> = []
            for store in all { found.formUnion(try await strangers(in: store)) }
            if found.isEmpty { break }
        }
        try await requireNothingElse()
    }

    /// The files that differ from those which the recovery points of that store name.
    private func strangers(in store: any BackupStore) async throws -> Set<String> {
        let points = try await listing(of: store).points
        let named = points.flatMap { $0.manifest.artifacts.map(\.key) + [ArtifactName.manifest($0.id)] }
        return Set(try await store.list().map(\.key)).symmetricDifference(named)
    }

    private func listing(of store: any BackupStore) async throws -> CatalogListing {
        do { return try await Catalog(store: store).list() } catch let error as BackupError where error.code == .artifactMissing {
            return CatalogListing(points: [], unreadable: [], orphans: [])
        }
    }
}

/// Runs `body` with a database and three empty stores for it.
func withThreeStores(
    mebibytes: Int = 10, alone: Bool = false, _ body: (PostgresServer, _ database: String, ThreeStores) async throws -> Void
) async throws {
    try requireServer(15)
    try await withS3 { s3, prefix in
        try await withFakeGCS { gcs in
            try await withDatabase(alone: alone) { server, database in
                try await server.loadCalls(into: database, mebibytes: mebibytes)
                try await withAdmin(server) { admin in
                    try await body(server, database, try ThreeStores(admin, s3, prefix, gcs))
                }
            }
        }
    }
}

extension ThreeStores {
    init(_ admin: AdminProgram, _ server: S3Server, _ prefix: String, _ emulator: FakeGCS) throws {
        var admin = admin
        admin.environment = [
            "BACKUP_S3_BUCKET": server.bucket, "BACKUP_S3_PREFIX": prefix, "AWS_ENDPOINT_URL_S3": server.url, "AWS_REGION": server.region,
            "AWS_ACCESS_KEY_ID": server.accessKeyID, "AWS_SECRET_ACCESS_KEY": server.secretAccessKey,
            "BACKUP_GCS_BUCKET": emulator.bucket, "BACKUP_GCS_PREFIX": "three", "STORAGE_EMULATOR_HOST": emulator.url,
        ]
        self.admin = admin
        local = LocalStore(root: admin.folder.string)
        let context = RunContext.live()
        let credentials = AWSCredentials(
            accessKeyID: server.accessKeyID, secretAccessKey: Secret(server.secretAccessKey), source: "the test")
        s3 = try S3Store(
            S3Options(bucket: server.bucket, prefix: prefix, region: server.region, endpoint: server.url),
            credentials: StaticAWSCredentials(credentials), context: context)
        gcs = try GCSStore(
            GCSLocation(bucket: emulator.bucket, prefix: "three", endpoint: emulator.url), options: GCSOptions(),
            credentials: NoGoogleCredentials(), http: HTTPOptions(), context: context)
    }
}
