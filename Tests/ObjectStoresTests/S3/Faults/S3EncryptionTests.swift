import BackupModel
import BackupTestKit
import NIOHTTP1
import Testing

@testable import ObjectStores

@Suite("Encryption that the settings ask an S3 server for")
struct S3EncryptionTests {
    private static let header = S3Facts.Encryption.methodHeader

    private static func saying(_ method: String?, _ operations: [ScriptedS3.Operation]) -> [ScriptedS3.Fault] {
        operations.map { .always($0, S3FaultCase.header(header, method)) }
    }

    @Test(
        "What the server encrypts as it was asked to is stored, wherever it says so",
        arguments: [S3Errand.putSmall, .putLarge, .update], [[], [.put, .create]] as [[ScriptedS3.Operation]])
    func encrypted(errand: S3Errand, silent: [ScriptedS3.Operation]) async throws {
        try await withScriptedS3(Self.saying(nil, silent)) { server, url in
            errand.prepare(server)
            try await errand.run(on: try scriptedStore(url) { $0.encryption = .kms(keyID: "alias/backups") })
            errand.checkDone(server)
            #expect(server.objects.values.map { $0.headers[Self.header] } == ["aws:kms"])
        }
    }

    @Test(
        "What the server does not encrypt, or otherwise, is not stored, and said",
        arguments: [S3Errand.putSmall, .putLarge], [nil, "aws:kms"] as [String?])
    func unencrypted(errand: S3Errand, method: String?) async throws {
        try await withScriptedS3(Self.saying(method, [.put, .create, .head])) { server, url in
            let store = try scriptedStore(url) { $0.encryption = .s3 }
            let error = try await #require(throws: BackupError.self) { try await errand.run(on: store) }
            #expect(error.code == .storeFailed)
            #expect(error.message.contains("is not encrypted as BACKUP_S3_ENCRYPTION asks"))
            #expect(error.message.contains("\(method ?? "does not say that it encrypts it"), and AES256 was asked for"), "\(error)")
            #expect(error.hint?.contains("call-center-admin storage check") == true)
            errand.checkUndone(server)
        }
    }

    @Test("A manifest that was changed without its encryption is said")
    func update() async throws {
        try await withScriptedS3(Self.saying(nil, [.put, .head])) { server, url in
            S3Errand.update.prepare(server)
            let store = try scriptedStore(url) { $0.encryption = .s3 }
            let error = try await #require(throws: BackupError.self) { try await S3Errand.update.run(on: store) }
            #expect(error.message.contains("\(S3Errand.small) in s3://backups/db is not encrypted"), "\(error)")
        }
    }

    @Test("Credentials that may not look believe what the server said when it took the bytes")
    func writeOnly() async throws {
        let blind: [ScriptedS3.Fault] = [.always(.head, .instead(.answer(403))), .always(.get, .instead(.error(403, "AccessDenied")))]
        try await withScriptedS3(blind) { server, url in
            let store = try scriptedStore(url) { $0.encryption = .s3 }
            try await S3Errand.putSmall.run(on: store)
            try await S3Errand.putLarge.run(on: store)
            #expect(server.objects.count == 2)
        }
        try await withScriptedS3(blind + Self.saying(nil, [.put, .create])) { _, url in
            let store = try scriptedStore(url) { $0.encryption = .s3 }
            await #expect(throws: BackupError.self) { try await S3Errand.putSmall.run(on: store) }
            await #expect(throws: BackupError.self) { try await S3Errand.putLarge.run(on: store) }
        }
    }

    private static let account = "arn:aws:kms:eu-west-1:111122223333"

    @Test(
        "A key is the same by its ID, its ARN and any alias",
        arguments: [
            ("1234", "\(account):key/1234", true), ("\(account):key/1234", "\(account):key/1234", true),
            ("1234", "\(account):key/9999", false), ("\(account):key/1234", "\(account):key/9999", false),
            ("alias/backups", "\(account):key/9999", true), ("\(account):alias/backups", "\(account):key/9999", true),
            ("key-1", "arn:aws:kms:key-1", true), ("key-1", "arn:aws:kms:key-2", false), ("key-1", nil, true), ("key-1", "key-1", true),
        ] as [(String, String?, Bool)])
    func keys(asked: String, named: String?, isSame: Bool) {
        let said = S3Facts.Encryption(method: "aws:kms", keyID: named)
        #expect((said.difference(from: .kms(keyID: asked)) == nil) == isSame)
        #expect(said.difference(from: .kms(keyID: nil)) == nil && said.difference(from: .bucket) == nil)
        #expect(said.difference(from: .s3)?.contains("AES256 was asked for") == true)
    }

    @Test("A real server keeps the KMS key and the storage class it is asked for, at once and in parts")
    func keyAndClass() async throws {
        let key = "0c5e8b1e-0000-4000-8000-000000000000"
        let heads = try await stored(on: .moto) { options in
            options.encryption = .kms(keyID: key)
            options.storageClass = "STANDARD_IA"
        }
        for head in heads {
            #expect(S3Facts.Encryption(head.headers) == S3Facts.Encryption(method: "aws:kms", keyID: key))
            #expect(head.headers.first(name: "x-amz-storage-class") == "STANDARD_IA")
        }
    }

    @Test("The everyday server keeps the storage class, too")
    func storageClass() async throws {
        let heads = try await stored(on: .seaweedfs) { $0.storageClass = "STANDARD_IA" }
        #expect(heads.map { $0.headers.first(name: "x-amz-storage-class") } == ["STANDARD_IA", "STANDARD_IA"])
    }

    /// What is said of a small object and of one in parts.
    private func stored(on kind: S3Installation.Kind, change: (inout S3Options) -> Void) async throws -> [HTTPAnswer] {
        try await withS3Store(kind, change: change) { store in
            try await store.put("small", bytes: [1, 2])
            try await store.put("large") { sink in
                for _ in 0..<9 { try await sink.write([UInt8](repeating: 7, count: 1 << 20)) }
            }
            return [try await store.client.send(S3Request(.head, "small")), try await store.client.send(S3Request(.head, "large"))]
        }
    }
}
