import BackupModel
import BackupTestKit
import Foundation
import NIOHTTP1
import Synchronization
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Where Google's credentials come from")
struct GoogleCredentialTests {
    /// With the network: the scripted server issues the tokens and asks for them.
    private func chain(_ environment: [String: String], home: String = "/nowhere", now: @escaping @Sendable () -> Instant = { testTime })
        throws -> GoogleCredentialChain
    {
        try GoogleCredentialChain(context: RunContext(now: now, environment: environment, home: home), http: HTTPOptions())
    }

    private func chain(_ environment: [String: String], home: String = "/nowhere", _ transport: ScriptedTransport) -> GoogleCredentialChain
    {
        GoogleCredentialChain(
            context: RunContext(now: { testTime }, environment: environment, home: home), endpoints: Endpoints(transport))
    }

    private func failure(of chain: GoogleCredentialChain) async throws -> BackupError {
        let error = try await #require(throws: BackupError.self) { _ = try await chain.token() }
        #expect(error.code == .storeFailed)
        #expect(error.message.contains("credentials"))
        #expect(error.hint != nil)
        #expect(!"\(error) \(error.hint ?? "")".contains("HUSH"))
        return error
    }

    @Test("A service account signs an assertion with its key, which openssl verifies")
    func serviceAccount() async throws {
        let server = ScriptedGCS(wantsTokens: true)
        let transport = ScriptedTransport { _ in HTTPAnswer(200, #"{"access_token": "T", "expires_in": 3599, "token_type": "Bearer"}"#) }
        try await withServiceAccount(tokenURL: "https://tokens.example/token") { key, folder in
            let chain = chain(["GOOGLE_APPLICATION_CREDENTIALS": key], transport)
            let token = try #require(try await chain.token())
            #expect(token.token.reveal() == "T")
            #expect(token.expiresAt == testTime + .seconds(3599))
            #expect(await chain.place() == "the service account backup@project.iam.gserviceaccount.com")
            #expect(transport.lines == ["POST https://tokens.example/token"])
            let form = try #require(transport.calls.first?.bodyText)
            let start = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
            #expect(form.hasPrefix(start))
            try await check(assertion: String(form.dropFirst(start.count)), in: folder)
        }
        #expect(server.names.isEmpty)
    }

    private func check(assertion: String, in folder: String) async throws {
        let parts = assertion.split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let header = try #require(JSONSerialization.jsonObject(with: try unpacked(parts[0])) as? [String: Any])
        #expect(header["alg"] as? String == "RS256")
        #expect(header["kid"] as? String == "key-1")
        let claims = try #require(JSONSerialization.jsonObject(with: try unpacked(parts[1])) as? [String: Any])
        #expect(claims["iss"] as? String == "backup@project.iam.gserviceaccount.com")
        #expect(claims["aud"] as? String == "https://tokens.example/token")
        #expect(claims["scope"] as? String == "https://www.googleapis.com/auth/devstorage.read_write")
        #expect(claims["iat"] as? Int == 1_800_000_000)
        #expect(claims["exp"] as? Int == 1_800_003_600)
        try unpacked(parts[2]).write(to: URL(filePath: folder + "/signature"))
        try Data("\(parts[0]).\(parts[1])".utf8).write(to: URL(filePath: folder + "/signed"))
        let verdict = try await Command(
            "openssl", ["dgst", "-sha256", "-prverify", folder + "/key.pem", "-signature", folder + "/signature", folder + "/signed"]
        ).output()
        #expect(verdict.contains("Verified OK"))
    }

    private func unpacked(_ text: String) throws -> Data {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return try #require(Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
    }

    @Test("A store works with the account's tokens, and gets a new one when one is refused")
    func store() async throws {
        let server = ScriptedGCS(wantsTokens: true)
        try await server.serving {
            try await withServiceAccount(tokenURL: server.url + "/token") { key, _ in
                let scene = try GCSScene(server, credentials: try chain(["GOOGLE_APPLICATION_CREDENTIALS": key]))
                try await scene.store.put("a", bytes: [1])
                try await scene.store.put("b") { try await $0.write(pattern(GCSScene.piece + 1)) }
                #expect(server.log.count { $0 == "token" } == 1)
                server.revokeTokens()
                #expect(try await scene.store.read("a") == [1])
                #expect(server.log.count { $0 == "token" } == 2)
            }
        }
    }

    @Test("Tokens that expire in the middle of an upload are renewed")
    func renewal() async throws {
        let server = ScriptedGCS(wantsTokens: true)
        let now = Mutex(testTime)
        try await server.serving {
            try await withServiceAccount(tokenURL: server.url + "/token") { key, _ in
                let credentials = try chain(["GOOGLE_APPLICATION_CREDENTIALS": key], now: { now.withLock { $0 } })
                let scene = try GCSScene(server, credentials: credentials)
                try await scene.store.put("a") { sink in
                    try await sink.write(pattern(GCSScene.piece + 1))
                    now.withLock { $0 = $0 + .seconds(3400) }
                    server.revokeTokens()
                    try await sink.write(pattern(GCSScene.piece + 1))
                }
                #expect(server.object("a")?.bytes.count == 2 * GCSScene.piece + 2)
                #expect(server.log.count { $0 == "token" } == 2)
            }
        }
    }

    @Test("Without a key file the login of gcloud's user counts, and its project is charged")
    func user() async throws {
        let transport = ScriptedTransport { _ in HTTPAnswer(200, #"{"access_token": "T", "expires_in": 3599}"#) }
        let login = #"{"type": "authorized_user", "client_id": "I", "client_secret": "S/S", "refresh_token": "R", "quota_project_id": "q"}"#
        try await withTemporaryFolder { folder in
            let path = folder.string + "/.config/gcloud/application_default_credentials.json"
            try FileManager.default.createDirectory(atPath: folder.string + "/.config/gcloud", withIntermediateDirectories: true)
            try Data(login.utf8).write(to: URL(filePath: path))
            let token = try await chain([:], home: folder.string, transport).token()
            #expect(token?.quotaProject == "q")
            #expect(token?.source == "the login of gcloud's user")
            _ = try await chain(["CLOUDSDK_CONFIG": folder.string + "/.config/gcloud"], transport).token()
        }
        #expect(transport.lines == Array(repeating: "POST https://oauth2.googleapis.com/token", count: 2))
        #expect(transport.calls.first?.bodyText == "grant_type=refresh_token&client_id=I&client_secret=S%2FS&refresh_token=R")
    }

    @Test("Without either the metadata server is asked, with the header it wants")
    func metadata() async throws {
        let server = ScriptedGCS(wantsTokens: true)
        try await server.serving {
            let host = String(server.url.dropFirst("http://".count))
            let scene = try GCSScene(server, credentials: try chain(["GCE_METADATA_HOST": host]))
            try await scene.store.put("a", bytes: [1])
            #expect(server.log == ["metadata", "document"])
            server.revokeTokens()
            server.add(GCSFault(.document, .instead(GCSFault.refusal(403, "forbidden", "no access"))))
            let error = try await #require(throws: BackupError.self) { try await scene.store.put("b", bytes: [1]) }
            #expect(error.message.contains("the instance's service account, by \(host)"))
        }
    }

    @Test("What is no metadata server is not believed, whatever it says")
    func otherServer() async throws {
        let transport = ScriptedTransport { _ in HTTPAnswer(200, #"{"access_token": "T", "expires_in": 3599}"#) }
        #expect(try await failure(of: chain([:], transport)).message.contains("no metadata server"))
        #expect(transport.lines == ["GET http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"])
        #expect(try await failure(of: chain([:], silence)).message.contains("none of Google's"))
    }

    @Test("Every failure names the file it came from", arguments: ["missing", "HUSH", "{\"type\": \"service_account\"}"])
    func files(content: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.string + "/key.json"
            if content != "missing" { try Data(content.utf8).write(to: URL(filePath: path)) }
            let error = try await failure(of: chain(["GOOGLE_APPLICATION_CREDENTIALS": path], silence))
            #expect(error.message.contains(path))
            #expect(error.message.contains("GOOGLE_APPLICATION_CREDENTIALS"))
        }
    }

    @Test("A key that is no RSA key, and one Google refuses, are told apart")
    func refusals() async throws {
        let refusing = ScriptedTransport { _ in
            HTTPAnswer(400, #"{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}"#)
        }
        try await withServiceAccount(tokenURL: "https://t/") { key, folder in
            let error = try await failure(of: chain(["GOOGLE_APPLICATION_CREDENTIALS": key], refusing))
            #expect(error.message.contains("invalid_grant: Invalid JWT Signature."))
            #expect(error.hint?.contains("make a new one") == true)
            try Data(#"{"type": "service_account", "client_email": "a", "private_key": "HUSH"}"#.utf8).write(to: URL(filePath: key))
            #expect(try await failure(of: chain(["GOOGLE_APPLICATION_CREDENTIALS": key], refusing)).message.contains("no RSA key"))
        }
    }

    @Test("What refuses for good is asked once, however often the store is spoken to", arguments: [400, 401, 403])
    func once(status: Int) async throws {
        let refusing = ScriptedTransport { _ in HTTPAnswer(status, #"{"error": "invalid_grant", "error_description": "no"}"#) }
        let clock = SteppingClock()
        try await withServiceAccount(tokenURL: "https://t/") { key, _ in
            let environment = ["GOOGLE_APPLICATION_CREDENTIALS": key]
            let context = RunContext(now: { testTime }, clock: clock, environment: environment, home: "/nowhere")
            let credentials = GoogleCredentialChain(context: context, endpoints: Endpoints(near: refusing, remote: refusing, clock: clock))
            let client = GCSClient(
                location: GCSLocation(bucket: "bucket"), credentials: credentials, transport: refusing,
                retrier: Retrier(RetryPolicy(), clock: clock, chance: { 1 }), now: { testTime })
            let store = GCSStore(client: client, options: GCSOptions())
            for _ in 0..<3 {
                let error = try await #require(throws: BackupError.self) { _ = try await store.list() }
                #expect(error.obstacle == .credentials)
            }
            await #expect(throws: BackupError.self) { try await store.put("a", bytes: [1]) }
            #expect(refusing.lines == ["POST https://t/"])
            #expect(clock.now.elapsed == .zero)
        }
    }

    @Test("A server that refuses the credentials it is shown is asked once more, with new ones; one that is shown none is not")
    func refusedByStore() async throws {
        let refusing = ScriptedTransport { _ in HTTPAnswer(401, "") }
        let clock = SteppingClock()
        func list(_ credentials: any GoogleCredentialSource) async {
            let client = GCSClient(
                location: GCSLocation(bucket: "bucket"), credentials: credentials, transport: refusing,
                retrier: Retrier(RetryPolicy(), clock: clock, chance: { 1 }), now: { testTime })
            await #expect(throws: BackupError.self) { _ = try await GCSStore(client: client, options: GCSOptions()).list() }
        }
        await list(NoGoogleCredentials())
        #expect(refusing.calls.count == 1)
        await list(EndlessTokens())
        #expect(refusing.calls.count == 3)
        #expect(clock.now.elapsed == .zero)
    }

    @Test("A clock that is wrong is named")
    func clock() async throws {
        let refusing = ScriptedTransport { _ in
            HTTPAnswer(
                status: 400, headers: ["Date": "Fri, 15 Jan 2027 10:00:00 GMT"],
                body: Array(#"{"error": "invalid_grant", "error_description": "Invalid JWT"}"#.utf8))
        }
        try await withServiceAccount(tokenURL: "https://t/") { key, _ in
            let error = try await failure(of: chain(["GOOGLE_APPLICATION_CREDENTIALS": key], refusing))
            #expect(error.message.contains("differ by 2 h"))
            #expect(error.hint?.contains("clock") == true)
        }
    }
}

private struct EndlessTokens: GoogleCredentialSource {
    func token() async throws -> GoogleToken? { GoogleToken(token: Secret("T"), expiresAt: nil, source: "a test") }

    func invalidate() async {}

    func place() async -> String { "a test" }
}

/// A service account's key file, made for one test; in its folder lies the private key by itself.
private func withServiceAccount(tokenURL: String, _ body: (_ keyFile: String, _ folder: String) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
        try await Command(
            "openssl", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", folder.string + "/key.pem"]
        )
        .output()
        let pem = try String(contentsOfFile: folder.string + "/key.pem", encoding: .utf8)
        let key = [
            "type": "service_account", "client_email": "backup@project.iam.gserviceaccount.com", "private_key_id": "key-1",
            "private_key": pem, "token_uri": tokenURL,
        ]
        try JSONSerialization.data(withJSONObject: key).write(to: URL(filePath: folder.string + "/account.json"))
        try await body(folder.string + "/account.json", folder.string)
    }
}
