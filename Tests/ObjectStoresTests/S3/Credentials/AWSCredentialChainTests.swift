import BackupModel
import BackupTestKit
import Foundation
import NIOHTTP1
import Synchronization
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Where AWS credentials come from")
struct AWSCredentialChainTests {
    private let document = """
        {"Code": "Success", "AccessKeyId": "AK", "SecretAccessKey": "SK", "Token": "TK", "Expiration": "2027-01-15T10:00:00Z"}
        """

    private func chain(
        _ environment: [String: String] = [:], home: String = "/nowhere", _ transport: ScriptedTransport = silence
    ) -> AWSCredentialChain {
        let context = RunContext(now: { testTime }, environment: environment, home: home)
        return AWSCredentialChain(context: context, endpoints: Endpoints(transport))
    }

    private func failure(of chain: AWSCredentialChain) async throws -> BackupError {
        let error = try await #require(throws: BackupError.self) { _ = try await chain.credentials() }
        #expect(error.message.lowercased().contains("credential"))
        #expect(error.code == .storeFailed || error.code == .invalidConfiguration)
        #expect(error.hint != nil)
        #expect(!"\(error) \(error.hint ?? "")".contains("HUSHHUSH"))
        return error
    }

    private func writing(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            for (name, text) in files {
                let path = folder.string + "/" + name
                try FileManager.default.createDirectory(
                    atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: URL(filePath: path))
            }
            try await body(folder.string)
        }
    }

    @Test("The environment goes before everything else")
    func environment() async throws {
        let found = try await chain(
            ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_SESSION_TOKEN": "TK", "AWS_PROFILE": "x"]
        ).credentials()
        #expect(found.accessKeyID == "AK")
        #expect(found.secretAccessKey.reveal() == "SK")
        #expect(found.sessionToken?.reveal() == "TK")
        #expect(found.source.contains("environment"))
    }

    @Test("What a file of settings says in the environment's place is told by the file and its line")
    func place() throws {
        let keys = ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK"]
        guard case .found(let found) = try EnvironmentCredentials(environment: keys, name: "/etc/b/env:3").find() else {
            Issue.record("nothing was found")
            return
        }
        #expect(found.source == "AWS_ACCESS_KEY_ID in /etc/b/env:3")
    }

    @Test("Half a pair of keys is an error, not a reason to look elsewhere")
    func half() async throws {
        let error = try await failure(of: chain(["AWS_ACCESS_KEY_ID": "AK"]))
        #expect(error.message.contains("AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY"))
        #expect(try await failure(of: chain(["AWS_SECRET_ACCESS_KEY": "HUSHHUSH"])).message.contains("without AWS_ACCESS_KEY_ID"))
    }

    @Test("When nobody has any, every place that was tried is named")
    func nothing() async throws {
        let error = try await failure(of: chain())
        for word in [
            "AWS_ACCESS_KEY_ID is not set", "AWS_WEB_IDENTITY_TOKEN_FILE", "no profile “default”", "AWS_CONTAINER_CREDENTIALS",
            "169.254.169.254",
        ] {
            #expect(error.message.contains(word), "\(word)")
        }
    }

    @Test("A profile is read from the files in the home folder or where the variables say")
    func profile() async throws {
        let credentials =
            "[default]\naws_access_key_id=AK\naws_secret_access_key=SK\n[work]\naws_access_key_id=WK\naws_secret_access_key=SK"
        try await writing([".aws/credentials": credentials, "other": "[profile else]\naws_access_key_id=EK\naws_secret_access_key=SK"]) {
            home in
            #expect(try await chain(home: home).credentials().accessKeyID == "AK")
            let work = try await chain(["AWS_PROFILE": "work"], home: home).credentials()
            #expect(work.accessKeyID == "WK")
            #expect(work.source == "the AWS profile “work”")
            let other = chain(["AWS_PROFILE": "else", "AWS_CONFIG_FILE": "~/other"], home: home)
            #expect(try await other.credentials().accessKeyID == "EK")
            #expect(try await failure(of: chain(["AWS_PROFILE": "gone"], home: home)).message.contains("no profile “gone”"))
        }
    }

    @Test("A role is assumed with the credentials of its source, by a signed question")
    func assumedRole() async throws {
        let files = [
            ".aws/config": "[default]\nrole_arn=arn:aws:iam::1:role/backup\nsource_profile=base\nregion=eu-west-1",
            ".aws/credentials": "[base]\naws_access_key_id=BASE\naws_secret_access_key=SK",
        ]
        let sts = ScriptedTransport { _ in HTTPAnswer(200, stsAnswer("AssumeRole")) }
        try await writing(files) { home in
            let found = try await chain(home: home, sts).credentials()
            #expect(found.accessKeyID == "ASIA")
            #expect(found.expiresAt == Instant(iso8601: "2027-01-15T09:00:00Z"))
            #expect(found.source.contains("role/backup"))
        }
        #expect(sts.lines == ["POST https://sts.eu-west-1.amazonaws.com/"])
        #expect(
            sts.calls.first?.bodyText
                == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fbackup&RoleSessionName=call-center-backup")
        let authorization = sts.calls.first?.headers.first(name: "authorization") ?? ""
        #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=BASE/20270115/eu-west-1/sts/aws4_request"))
    }

    @Test("A refused role says which permission is missing")
    func refusedRole() async throws {
        let files = [
            ".aws/config": "[default]\nrole_arn=arn:r\nsource_profile=default\naws_access_key_id=A\naws_secret_access_key=HUSHHUSH"
        ]
        let sts = ScriptedTransport { _ in
            HTTPAnswer(
                403,
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>"
            )
        }
        try await writing(files) { home in
            let error = try await failure(of: chain(home: home, sts))
            #expect(error.message.contains("sts:AssumeRole on arn:r: AccessDenied: not authorized"))
            #expect(error.hint?.contains("trust policy") == true)
        }
    }

    @Test("A web identity's token is read anew each time and exchanged without a signature")
    func webIdentity() async throws {
        let sts = ScriptedTransport { _ in HTTPAnswer(200, stsAnswer("AssumeRoleWithWebIdentity")) }
        try await writing(["token": "first\n"]) { folder in
            let chain = chain(["AWS_WEB_IDENTITY_TOKEN_FILE": folder + "/token", "AWS_ROLE_ARN": "arn:w", "AWS_REGION": "cn-north-1"], sts)
            #expect(try await chain.credentials().accessKeyID == "ASIA")
            try Data("second".utf8).write(to: URL(filePath: folder + "/token"))
            await chain.invalidate()
            _ = try await chain.credentials()
        }
        #expect(sts.calls.map { $0.bodyText.contains("WebIdentityToken=first") } == [true, false])
        #expect(sts.calls.last?.bodyText.hasSuffix("&WebIdentityToken=second") == true)
        #expect(sts.lines.first == "POST https://sts.cn-north-1.amazonaws.com.cn/")
        #expect(sts.calls.allSatisfy { !$0.headers.contains(name: "authorization") })
    }

    @Test("A web identity that is set up by half, or whose token is gone, is an error")
    func brokenWebIdentity() async throws {
        let error = try await failure(of: chain(["AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token", "AWS_ROLE_ARN": "arn:w"]))
        #expect(error.message.contains("no such file"))
        #expect(try await failure(of: chain(["AWS_WEB_IDENTITY_TOKEN_FILE": "/x"])).message.contains("without AWS_ROLE_ARN"))
    }

    @Test("A container's endpoint is asked with its token")
    func container() async throws {
        let endpoint = ScriptedTransport { _ in HTTPAnswer(200, document) }
        try await writing(["token": "Basic abc\n"]) { folder in
            let chain = chain(
                [
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": folder + "/token",
                ],
                endpoint)
            let found = try await chain.credentials()
            #expect(found.accessKeyID == "AK")
            #expect(found.sessionToken?.reveal() == "TK")
        }
        #expect(endpoint.lines == ["GET http://169.254.170.23/v1/credentials"])
        #expect(endpoint.calls.first?.headers.first(name: "authorization") == "Basic abc")
    }

    @Test(
        "A container's token goes nowhere but to this host, the known endpoints, and by https",
        arguments: [
            ("http://127.0.0.1:8080/c", true), ("http://localhost/c", true), ("http://[::1]/c", true), ("http://169.254.170.2/c", true),
            ("http://[fd00:ec2::23]/c", true), ("https://example.com/c", true), ("http://example.com/c", false),
            ("http://127.0.0.1.example.com/c", false), ("http://10.0.0.1/c", false), ("ftp://127.0.0.1/c", false), ("nonsense", false),
            ("http://169.254.169.254/c", false), ("http://127.0.0.1@example.com/c", false),
        ])
    func containerPlaces(url: String, isAllowed: Bool) async throws {
        let endpoint = ScriptedTransport { _ in HTTPAnswer(200, document) }
        let chain = chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url], endpoint)
        if isAllowed {
            #expect(try await chain.credentials().accessKeyID == "AK")
        } else {
            _ = try await failure(of: chain)
            #expect(endpoint.calls.isEmpty)
        }
    }

    @Test("An endpoint that is busy is asked again, one that refuses is not")
    func busyContainer() async throws {
        let environment = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]
        let busy = ScriptedTransport { _ in HTTPAnswer(503, "") }
        #expect(try await failure(of: chain(environment, busy)).message.contains("status 503"))
        #expect(busy.calls.count == 4)
        let refusing = ScriptedTransport { _ in HTTPAnswer(403, "") }
        #expect(try await failure(of: chain(environment, refusing)).message.contains("status 403"))
        #expect(refusing.lines == ["GET http://169.254.170.2/v2/x"])
    }

    @Test("An instance's role is found by its metadata service with a session token")
    func instance() async throws {
        let service = ScriptedTransport { call in
            switch "\(call.method) \(call.url.dropFirst(22))" {
            case "PUT /latest/api/token" where call.headers.contains(name: "X-aws-ec2-metadata-token-ttl-seconds"):
                return HTTPAnswer(200, "TOKEN")
            case _ where call.headers.first(name: "X-aws-ec2-metadata-token") != "TOKEN": return HTTPAnswer(401, "")
            case "GET /latest/meta-data/iam/security-credentials/": return HTTPAnswer(200, "backup-role\n")
            case "GET /latest/meta-data/iam/security-credentials/backup-role": return HTTPAnswer(200, document)
            default: return HTTPAnswer(404, "")
            }
        }
        let found = try await chain([:], service).credentials()
        #expect(found.accessKeyID == "AK")
        #expect(found.source == "the instance's role backup-role")
        #expect(service.calls.count == 3)
    }

    @Test("An instance without a role, or a metadata service that is switched off, gives nothing")
    func noInstance() async throws {
        let service = ScriptedTransport { $0.method == .PUT ? HTTPAnswer(200, "T") : HTTPAnswer(404, "") }
        #expect(try await failure(of: chain([:], service)).message.contains("has no role"))
        let unasked = ScriptedTransport { _ in HTTPAnswer(200, "T") }
        #expect(try await failure(of: chain(["AWS_EC2_METADATA_DISABLED": "TRUE"], unasked)).message.contains("AWS_EC2_METADATA_DISABLED"))
        #expect(unasked.calls.isEmpty)
    }

    @Test("The metadata service may be elsewhere")
    func otherInstanceEndpoint() async throws {
        let service = ScriptedTransport { _ in HTTPAnswer(404, "") }
        _ = try await failure(of: chain(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://localhost:99/"], service))
        _ = try await failure(of: chain(["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], service))
        #expect(service.lines == ["PUT http://localhost:99/latest/api/token", "PUT http://[fd00:ec2::254]/latest/api/token"])
    }

    @Test(
        "Documents that hold no credentials are no success",
        arguments: [
            ("no JSON", "no document of credentials"), ("{}", "no AccessKeyId"),
            ("{\"Code\": \"Failed\", \"Message\": \"m\"}", "it answered Failed: m"),
            ("{\"AccessKeyId\": \"A\", \"SecretAccessKey\": \"HUSHHUSH\", \"Expiration\": \"soon\"}", "no time in UTC"),
        ])
    func documents(document: String, words: String) async throws {
        let endpoint = ScriptedTransport { _ in HTTPAnswer(200, document) }
        let error = try await failure(of: chain(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"], endpoint))
        #expect(error.message.contains(words))
    }

    @Test("Temporary credentials are renewed before they expire, and asked for no more than once a minute then")
    func renewal() async throws {
        let endpoint = ScriptedTransport { _ in HTTPAnswer(200, document) }
        let now = Mutex(try #require(Instant(iso8601: "2027-01-15T09:56:00Z")))
        let context = RunContext(
            now: { now.withLock { $0 } }, environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"])
        let chain = AWSCredentialChain(context: context, endpoints: Endpoints(endpoint))
        for _ in 0..<3 { _ = try await chain.credentials() }
        #expect(endpoint.calls.count == 1)
        now.withLock { $0 = $0 + .seconds(60) }
        for _ in 0..<3 { _ = try await chain.credentials() }
        #expect(endpoint.calls.count == 2)
    }
}

private func stsAnswer(_ action: String) -> String {
    """
    <\(action)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(action)Result>
    <AssumedRoleUser><Arn>arn:x</Arn><AssumedRoleId>R:s</AssumedRoleId></AssumedRoleUser>
    <Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>SK</SecretAccessKey><SessionToken>ST</SessionToken>
    <Expiration>2027-01-15T09:00:00Z</Expiration></Credentials>
    </\(action)Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></\(action)Response>
    """
}
