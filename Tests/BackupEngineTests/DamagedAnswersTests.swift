import BackupCatalog
import BackupModel
import BackupTestKit
import BackupVerification
import DumpFormat
import DumpSamples
import ObjectStores
import Testing

/// No server says a checksum of a range, so a store hands on what it was sent: the files are made so that they notice it themselves.
@Suite("An answer of a bucket in which one bit is another one")
struct DamagedAnswersTests {
    private static let id = "20260214T020000Z"
    private static let dump = "call_center-20260214T020000Z.sql.gz"

    @Test("is found when a dump of S3 is verified")
    func s3() async throws {
        try await withScriptedS3 { server, url in
            try await check(try s3(url)) { server.fail([.always(.get, .changing(Self.flip))]) }
        }
    }

    @Test("is found when a dump of Cloud Storage is verified")
    func gcs() async throws {
        let server = ScriptedGCS()
        try await server.serving {
            try await check(try gcs(server)) {
                server.add(GCSFault(.media, .changed { _, body in Self.flipBit(&body) }, times: GCSFault.always))
            }
        }
    }

    @Test("is found when a manifest is read, which then counts for nothing")
    func manifest() async throws {
        try await withScriptedS3 { server, url in
            let catalog = Catalog(store: try s3(url))
            let id = try #require(RecoveryPointID(Self.id))
            let begin = try #require(id.instant)
            try await catalog.publish(Manifest(id: id, startedAt: begin, finishedAt: begin, artifacts: []))
            #expect(try await catalog.list().points.map(\.id) == [id])
            server.fail([.always(.get, .changing(Self.flip))])
            let listing = try await catalog.list()
            #expect(listing.points.isEmpty && listing.unreadable.map(\.key) == [ArtifactName.manifest(id)])
            #expect(listing.unreadable.first?.tornIn == catalog.store.name, "\(listing.unreadable)")
        }
    }

    private func check(_ store: any BackupStore, damage: () -> Void) async throws {
        // Of more than is read at once: of a whole object Cloud Storage does say a checksum.
        let segments = (0..<4).map { SampleDump.rows(1 + 10_000 * $0, 2000) }
        let sample = SampleDump(container: .gzip, tables: [SampleDump.Table(name: "calls", segments: segments)])
        try await store.put(Self.dump, bytes: try sample.write().bytes)
        let sound = try await verdict(on: store)
        #expect(sound.passed, "\(sound.findings)")
        damage()
        #expect(try await isFound(in: store))
    }

    private func verdict(on store: any BackupStore) async throws -> Verdict {
        try await FileVerification(file: try await store.open(Self.dump), level: .content, jobs: 1).run()
    }

    /// By the file, or by the store where all of it came in one answer.
    private func isFound(in store: any BackupStore) async throws -> Bool {
        do {
            let verdict = try await verdict(on: store)
            return !verdict.passed && !verdict.findings.isEmpty
        } catch let error as BackupError where error.code == .storeFailed {
            return error.message.contains("arrived") || error.message.contains("checksum")
        }
    }

    private func s3(_ url: String) throws -> S3Store {
        let credentials = AWSCredentials(accessKeyID: "AK", secretAccessKey: Secret("s3cr3t"), source: "the test")
        return try S3Store(
            S3Options(bucket: "backups", endpoint: url), credentials: StaticAWSCredentials(credentials), context: .live())
    }

    private func gcs(_ server: ScriptedGCS) throws -> GCSStore {
        try GCSStore(
            GCSLocation(bucket: server.bucket, endpoint: server.url), options: GCSOptions(), credentials: NoGoogleCredentials(),
            http: HTTPOptions(), context: .live())
    }

    /// The answer stays as long as it was, and its headers say nothing of it.
    @Sendable private static func flip(_ reply: inout ScriptedReply) {
        guard case .answer(let status, let headers, var body) = reply else { return }
        flipBit(&body)
        reply = .answer(status, headers: headers, body: body)
    }

    private static func flipBit(_ body: inout [UInt8]) {
        if !body.isEmpty { body[body.count / 2] ^= 0x10 }
    }
}
