import BackupModel
import BackupTestKit
import BytePipeline
import ObjectStores
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("One file from folder to folder")
struct ArtifactCopyTests {
    private static let key = "call_center-20260214T020000Z.sql.gz"
    private static let bytes = (0..<1 << 18).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

    private func copy(
        in place: FilePath, _ body: (ArtifactCopy, _ source: LocalStore, _ target: LocalStore) async throws -> Void
    ) async throws {
        let (source, target) = (LocalStore(root: "\(place)/source"), LocalStore(root: "\(place)/target"))
        try await source.put(Self.key, bytes: Self.bytes)
        try await body(try await copy(from: source, to: target), source, target)
    }

    /// Of what the source has now.
    private func copy(from source: any BackupStore, to target: LocalStore) async throws -> ArtifactCopy {
        let sha256 = try await source.open(Self.key).summary().sha256
        let artifact = Artifact(
            key: Self.key, kind: .postgresDump, format: .gzippedSQL, database: "call_center", bytes: Int64(Self.bytes.count), sha256: sha256
        )
        return ArtifactCopy(artifact: artifact, source: source, target: target, limit: nil, progress: { _ in })
    }

    @Test("from a bucket is refused when one bit of an answer is another one, and is taken when it is not")
    func damagedAnswer() async throws {
        try await withScriptedS3 { server, url in
            server.store(Self.key, .init(bytes: Self.bytes))
            let credentials = AWSCredentials(accessKeyID: "AK", secretAccessKey: Secret("s3cr3t"), source: "the test")
            let source = try S3Store(
                S3Options(bucket: "backups", endpoint: url), credentials: StaticAWSCredentials(credentials), context: .live())
            try await withTemporaryFolder { place in
                let target = LocalStore(root: place.string)
                let copy = try await copy(from: source, to: target)
                server.fail([.init(.get, .changing(Self.flipBit))])
                let error = try await #require(throws: BackupError.self) { try await copy.run() }
                #expect(error.code == .verificationFailed && (error.cause as? FileFault)?.store == source.name)
                #expect(try await target.list().isEmpty)
                try await copy.run()
                #expect(try await target.read(Self.key) == Self.bytes)
            }
        }
    }

    /// The answer stays as long as it was, and its headers say nothing of it.
    @Sendable private static func flipBit(of reply: inout ScriptedReply) {
        guard case .answer(let status, let headers, var body) = reply else { return }
        body[body.count / 2] ^= 0x10
        reply = .answer(status, headers: headers, body: body)
    }

    @Test("shares its blocks where files can, and is another one's copy all the same where they cannot")
    func sharing() async throws {
        try await withTemporaryFolder { place in
            try await copy(in: place) { copy, _, target in
                try await copy.run()
                #expect(try await target.read(Self.key) == Self.bytes)
            }
        }
        try await ReflinkFilesystem.with { place in
            try await copy(in: place) { copy, _, target in
                try await copy.run()
                #expect(try await target.read(Self.key) == Self.bytes)
                let extents = try await Command("filefrag", ["-v", "\(target.root)/\(Self.key)"]).output().split(separator: "\n")
                    .filter { $0.contains("..") }
                #expect(!extents.isEmpty && extents.allSatisfy { $0.contains("shared") }, "\(extents)")
                // What is there from a copy that was not ended may stay.
                try await copy.run()
            }
        }
    }

    @Test("is refused when it is not the one of its manifest, and nothing of it is there")
    func damaged() async throws {
        try await ReflinkFilesystem.with { place in
            try await copy(in: place) { copy, source, target in
                let script = "printf x | dd of=\"$0\" bs=1 seek=5000 conv=notrunc status=none"
                try await Command("bash", ["-c", script, "\(source.root)/\(Self.key)"]).output()
                let error = try await #require(throws: BackupError.self) { try await copy.run() }
                #expect(error.code == .verificationFailed)
                #expect((error.cause as? FileFault)?.store == source.name)
                #expect(try await Command("ls", ["-A", target.root]).output() == "")
            }
        }
    }
}
