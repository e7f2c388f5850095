import BackupTestKit
import Doctor
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("How the vendors' programs reach the buckets of the settings")
struct BucketProgramLookTests {
    private func program(
        of kind: StoreCondition.Kind, _ environment: [String: String] = [:], file: String? = nil, name: String = "backup.env",
        setting: String = "BACKUP_ENV_FILE"
    ) async throws -> (BucketProgram, folder: String) {
        try await withTemporaryFolder { folder in
            var machine = Machine(folder: folder.string, environment: environment)
            if let file {
                try await machine.write(name, file)
                machine.environment[setting] = name
            }
            let look = BucketProgramLook(configuration: try await machine.load(), context: machine.context)
            return (look.program(of: kind), folder.string)
        }
    }

    @Test("Endpoint and region as somebody has set them; what is the default anyway is not said")
    func amazon() async throws {
        let bucket = ["BACKUP_S3_BUCKET": "calls", "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK"]
        #expect(try await program(of: .s3, bucket).0 == BucketProgram())
        let away = ["AWS_ENDPOINT_URL_S3": "https://s3.example.org", "AWS_REGION": "eu-west-9"]
        let found = try await program(of: .s3, bucket.merging(away) { $1 }).0
        #expect(found == BucketProgram(endpoint: "https://s3.example.org", region: "eu-west-9"))
    }

    @Test("A key in a file of lines is read from there; from YAML no shell reads it")
    func files() async throws {
        let lines = "BACKUP_S3_BUCKET=calls\nAWS_ACCESS_KEY_ID=AK\nAWS_SECRET_ACCESS_KEY=SK\nAWS_PROFILE=x\n"
        let (found, folder) = try await program(of: .s3, file: lines)
        #expect(found == BucketProgram(keyFile: "\(folder)/backup.env"))
        let yaml = "s3:\n  bucket: calls\n  access_key_id: AK\n  secret_access_key: SK\n"
        #expect(try await program(of: .s3, file: yaml, name: "backup.yaml", setting: "BACKUP_CONFIG").0.keyFile == nil)
    }

    @Test("A certificate authority is named where there is a certificate")
    func authorities() async throws {
        let bucket = [
            "BACKUP_S3_BUCKET": "calls", "AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_CA_BUNDLE": "/etc/ca.pem",
        ]
        let cases: [(String?, String?)] = [
            (nil, "/etc/ca.pem"), ("https://s3.example.org", "/etc/ca.pem"), ("http://127.0.0.1:9000", nil),
        ]
        for (endpoint, expected) in cases {
            let environment = bucket.merging(endpoint.map { ["AWS_ENDPOINT_URL_S3": $0] } ?? [:]) { $1 }
            #expect(try await program(of: .s3, environment).0.authorities == expected, "\(endpoint ?? "AWS")")
        }
    }

    @Test(
        "Lines with quotes around what needs none are what a shell makes of them",
        arguments: ["SK+/=", "'SK'", "\"SK\"", "SK\nAWS_REGION="])
    func plain(_ secret: String) async throws {
        let lines = "BACKUP_S3_BUCKET=calls\nexport AWS_ACCESS_KEY_ID=AK\nAWS_SECRET_ACCESS_KEY=\(secret)\n"
        let (found, folder) = try await program(of: .s3, file: lines)
        #expect(found.keyFile == "\(folder)/backup.env")
    }

    @Test(
        "A file that a shell would read as something else is not given to one",
        arguments: [
            "AWS_SECRET_ACCESS_KEY=S$K", "AWS_SECRET_ACCESS_KEY=S`id`K", "AWS_SECRET_ACCESS_KEY=S K", "AWS_SECRET_ACCESS_KEY=\"S$(id)\"",
            "AWS_SECRET_ACCESS_KEY=SK # ours", "AWS_SECRET_ACCESS_KEY=SK\nAWS_PROFILE=$(id)", " AWS_SECRET_ACCESS_KEY=SK",
        ])
    func odd(_ text: String) async throws {
        let lines = "BACKUP_S3_BUCKET=calls\nAWS_ACCESS_KEY_ID=AK\n\(text)\n"
        #expect(try await program(of: .s3, file: lines).0.keyFile == nil)
    }

    @Test("Google's key file, and the project it is of")
    func google() async throws {
        let account = #"{"type": "service_account", "project_id": "calls-1"}"#
        let bucket = ["BACKUP_GCS_BUCKET": "bucket"]
        let (found, folder) = try await program(
            of: .gcs, bucket, file: account, name: "key.json", setting: "GOOGLE_APPLICATION_CREDENTIALS")
        #expect(found == BucketProgram(account: "\(folder)/key.json", project: "calls-1"))
        let emulated = try await program(of: .gcs, bucket.merging(["STORAGE_EMULATOR_HOST": "127.0.0.1:4443"]) { $1 }).0
        #expect(emulated == BucketProgram(endpoint: "http://127.0.0.1:4443"))
    }
}
