import BackupModel
import BackupTestKit
import ObjectStores
import Testing

@testable import BackupEngine

@Suite("Settings of S3")
struct S3SettingsTests {
    private static let least = ["BACKUP_S3_BUCKET": "backups", "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "sssh"]

    private func load(_ environment: [String: String]) async throws -> BackupConfiguration {
        try await BackupConfiguration.load(context: RunContext(now: { Instant(secondsSinceEpoch: 0) }, environment: environment))
    }

    @Test("Without a bucket there is no store, whatever else is set")
    func absent() async throws {
        #expect(try await load(["AWS_ACCESS_KEY_ID": "AK", "AWS_REGION": "eu-west-1"]).s3 == nil)
    }

    @Test("A bucket alone takes AWS's region us-east-1")
    func least() async throws {
        let settings = try #require(try await load(Self.least).s3)
        #expect(settings.options.name == "s3://backups")
        #expect(settings.options.region == "us-east-1")
        #expect(settings.options.endpoint == nil)
        #expect(settings.options.encryption == .bucket)
        #expect(settings.options.retention == nil)
        let store = try settings.store(context: RunContext(now: { Instant(secondsSinceEpoch: 0) }))
        #expect(store.name == "s3://backups")
    }

    @Test("Everything that can be set arrives")
    func everything() async throws {
        let more = [
            "BACKUP_S3_PREFIX": "/prod/db/", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "http://a:1",
            "AWS_ENDPOINT_URL_S3": "http://b:2", "BACKUP_S3_ADDRESSING": "virtual", "BACKUP_S3_STORAGE_CLASS": "STANDARD_IA",
            "BACKUP_S3_ENCRYPTION": "kms", "BACKUP_S3_KMS_KEY_ID": "key", "BACKUP_S3_LOCK_MODE": "compliance", "BACKUP_S3_LOCK_DAYS": "30",
            "BACKUP_S3_LEGAL_HOLD": "on", "AWS_CA_BUNDLE": "/etc/ca.pem", "BACKUP_STALL_TIMEOUT": "20s",
        ]
        let options = try #require(try await load(Self.least.merging(more) { $1 }).s3).options
        #expect(options.name == "s3://backups/prod/db")
        #expect(options.region == "eu-west-1")
        #expect(options.endpoint == "http://b:2")
        #expect(options.addressing == .virtual)
        #expect(options.storageClass == "STANDARD_IA")
        #expect(options.encryption == .kms(keyID: "key"))
        #expect(options.retention == S3Options.Retention(mode: .compliance, days: 30))
        #expect(options.hasLegalHold)
        #expect(options.http.authorities == "/etc/ca.pem")
        #expect(options.http.stallLimit == .seconds(20))
    }

    @Test("The rate that is set is the rate it is sent at", arguments: [nil, "100kB/s"] as [String?])
    func rateLimit(rate: String?) async throws {
        try await withScriptedS3 { server, url in
            var environment = Self.least.merging(["AWS_ENDPOINT_URL_S3": url]) { $1 }
            environment["BACKUP_S3_RATE_LIMIT"] = rate
            let clock = SteppingClock()
            let context = RunContext(now: { Instant(secondsSinceEpoch: 0) }, clock: clock)
            let store = try #require(try await load(environment).s3).store(context: context)
            try await store.put("a", bytes: [UInt8](repeating: 1, count: 400_000))
            #expect(server.objects["a"]?.bytes.count == 400_000)
            // A quarter of a second's worth goes at once.
            let (waited, bounds) = (clock.now.elapsed, Duration.milliseconds(3700)..<Duration.milliseconds(4000))
            #expect(rate == nil ? waited == .zero : bounds.contains(waited), "\(waited)")
        }
    }

    private static let emptyListing = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"

    @Test("The files AWS's programs share are named in files of settings as in the environment", arguments: [".env", "environment"])
    func sharedFiles(place: String) async throws {
        try await withScriptedHTTP({ _ in .answer(200, Self.emptyListing) }) { server in
            try await withMachine(environment: ["BACKUP_S3_BUCKET": "backups", "AWS_ENDPOINT_URL_S3": server.url]) { machine in
                var machine = machine
                let config = machine.folder + "/config"
                let settings = ["AWS_SHARED_CREDENTIALS_FILE": "keys", "AWS_CONFIG_FILE": config, "AWS_PROFILE": "night"]
                try await machine.write("keys", "[day]\naws_access_key_id = AKDAY\naws_secret_access_key = s3cr3t\n")
                try await machine.write("config", "[profile night]\naws_access_key_id = AKNIGHT\naws_secret_access_key = s3cr3t\n")
                if place == ".env" {
                    try await machine.write(".env", settings.map { "\($0)=\($1)\n" }.joined())
                } else {
                    machine.environment.merge(settings) { $1 }
                }
                let store = try #require(try await machine.load().s3).store(context: machine.context)
                #expect(try await store.list().isEmpty)
            }
            #expect(server.requests.count == 1)
            #expect(server.requests.first?.headers["authorization"]?.contains("Credential=AKNIGHT/") == true)
        }
    }

    @Test("A web identity may stand in a file of settings, and its token beside it")
    func webIdentity() async throws {
        try await withMachine(environment: ["BACKUP_S3_BUCKET": "backups"]) { machine in
            try await machine.write(".env", "AWS_WEB_IDENTITY_TOKEN_FILE=token\nAWS_ROLE_ARN=arn:aws:iam::111122223333:role/backup\n")
            let store = try #require(try await machine.load().s3).store(context: machine.context)
            let error = try await #require(throws: BackupError.self) { try await store.list() }
            #expect(error.message.contains("no AWS credentials from the web identity"), "\(error)")
            #expect(error.message.contains("\(machine.folder)/token"), "\(error)")
        }
    }

    @Test(
        "What does not go together is said",
        arguments: [
            (["BACKUP_S3_LOCK_DAYS": "3"], "BACKUP_S3_LOCK_MODE"), (["BACKUP_S3_LOCK_MODE": "governance"], "BACKUP_S3_LOCK_DAYS"),
            (["BACKUP_S3_KMS_KEY_ID": "key"], "BACKUP_S3_ENCRYPTION is not kms"),
            (["BACKUP_S3_BUCKET": "s3://backups"], "name of a bucket"),
            (["AWS_ENDPOINT_URL_S3": "minio:9000"], "endpoint"), (["AWS_ENDPOINT_URL_S3": "https://a/path"], "endpoint"),
            (["BACKUP_S3_PREFIX": "a/../b"], "prefix"), (["BACKUP_S3_RATE_LIMIT": "50"], "BACKUP_S3_RATE_LIMIT"),
        ] as [([String: String], String)])
    func contradictions(more: [String: String], words: String) async throws {
        let error = try await #require(throws: BackupError.self) { try await load(Self.least.merging(more) { $1 }) }
        #expect(error.code == .invalidConfiguration)
        #expect("\(error)".contains(words), "\(error)")
    }
}
