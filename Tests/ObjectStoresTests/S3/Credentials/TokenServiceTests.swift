import BackupModel
import BackupTestKit
import Foundation
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("A token service that checks signatures")
struct TokenServiceTests {
    @Test("A role is assumed with the keys of its source profile, and a wrong secret is refused in words")
    func assume() async throws {
        try await withS3(.moto) { server, _ in
            try await withTemporaryFolder { folder in
                let chain = try chain(server, secret: server.secretAccessKey, in: folder.string)
                let found = try await chain.credentials()
                #expect(found.accessKeyID != server.accessKeyID)
                #expect(found.sessionToken != nil)
                let end = try #require(found.expiresAt)
                #expect(end > RunContext.live().now() + .seconds(600))
                let error = try await #require(throws: BackupError.self) {
                    _ = try await self.chain(server, secret: "wrong", in: folder.string).credentials()
                }
                #expect(error.message.contains("credentials from the shared profile files"))
                #expect(error.message.contains("sts:AssumeRole"))
                #expect(error.message.contains("SignatureDoesNotMatch"))
            }
        }
    }

    private func chain(_ server: S3Server, secret: String, in home: String) throws -> AWSCredentialChain {
        let configuration =
            "[profile night]\nrole_arn=arn:aws:iam::123456789012:role/backup\nsource_profile=base\nregion=\(server.region)\n"
        let credentials = "[base]\naws_access_key_id=\(server.accessKeyID)\naws_secret_access_key=\(secret)\n"
        try Data(configuration.utf8).write(to: URL(filePath: home + "/config"))
        try Data(credentials.utf8).write(to: URL(filePath: home + "/credentials"))
        let environment = [
            "AWS_CONFIG_FILE": home + "/config", "AWS_SHARED_CREDENTIALS_FILE": home + "/credentials", "AWS_PROFILE": "night",
            "AWS_ENDPOINT_URL_STS": server.url,
        ]
        let live = RunContext.live()
        return try AWSCredentialChain(context: RunContext(now: live.now, environment: environment, home: home), http: HTTPOptions())
    }
}
