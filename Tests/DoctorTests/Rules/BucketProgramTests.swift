import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("Commands for buckets")
struct BucketProgramTests {
    private func first(_ kind: Trouble.Kind, _ program: BucketProgram, google: Bool = false) throws -> Diagnosis {
        var facts = Healthy.examination
        let name = google ? "gs://call-center-backups/daily" : "s3://call-center-backups/daily"
        facts.stores[1] = StoreCondition(name: name, kind: google ? .gcs : .s3, holdings: .troubled(Trouble(kind, "no")))
        facts.stores[1].program = program
        return try #require(Diagnose()(facts).first)
    }

    /// What makes a bucket that is not there.
    private func making(_ finding: Diagnosis) -> String? { finding.remedy.alternatives.last?.commands.first }

    @Test("They speak to the server of the settings, and to AWS where none is named")
    func amazon() throws {
        let away = try first(.bucketMissing, .init(endpoint: "https://s3.example.org", region: "eu-west-9"))
        #expect(
            away.remedy.commands == [
                "aws --endpoint-url https://s3.example.org --region eu-west-9 s3 ls", "call-center-admin config show",
            ])
        #expect(
            away.remedy.alternatives.last?.commands == [
                "aws --endpoint-url https://s3.example.org --region eu-west-9 s3 mb s3://call-center-backups",
                "call-center-admin storage check", "call-center-admin db sync",
            ])
        #expect(making(try first(.bucketMissing, .init())) == "aws s3 mb s3://call-center-backups")
        #expect(try first(.credentials, .init()).remedy.commands[0] == "aws sts get-caller-identity")
        let other = try first(.credentials, .init(endpoint: "https://s3.example.org")).remedy.commands[0]
        #expect(other == "aws --endpoint-url https://s3.example.org s3 ls s3://call-center-backups")
    }

    @Test("A key that a file of settings has is read from there by the shell, and named nowhere")
    func keyFile() throws {
        let command = making(try first(.bucketMissing, .init(keyFile: "/etc/call center/env")))
        #expect(
            command == #"(set -a; eval "$(grep -E '^(export )?AWS_' "/etc/call center/env")"; aws s3 mb s3://call-center-backups)"#)
        #expect(BucketProgram(keyFile: ".env").aws("s3 ls") == #"(set -a; eval "$(grep -E '^(export )?AWS_' .env)"; aws s3 ls)"#)
    }

    @Test("Google's program is told of the account, its project, and a server in Google's place")
    func google() throws {
        let account = try first(.bucketMissing, .init(account: "/etc/key.json", project: "calls-1"), google: true)
        #expect(
            making(account)
                == "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE=/etc/key.json CLOUDSDK_CORE_PROJECT=calls-1 gcloud storage buckets create gs://call-center-backups"
        )
        #expect(try first(.credentials, .init(), google: true).remedy.commands[0] == "gcloud auth list")
        let emulator = BucketProgram(endpoint: "http://127.0.0.1:4443").gcloud("storage buckets list")
        #expect(
            emulator
                == "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=http://127.0.0.1:4443/storage/v1/ CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true gcloud storage buckets list"
        )
    }

    @Test("What is spoilt in a bucket and nowhere sound is fetched onto this machine, into a folder nobody else may look into")
    func aside() {
        let made = "(umask 077; d=$(mktemp -d /var/tmp/set-aside.XXXXXX) && "
        var store = StoreCondition(name: "s3://b/daily", kind: .s3, holdings: .known(.init()))
        #expect(
            store.putAside(Healthy.id)
                == "\(made)aws s3 mv s3://b/daily/ \"$d/\" --recursive --exclude '*' --include '*\(Healthy.id)*')"
        )
        store = StoreCondition(name: "gs://b/daily", kind: .gcs, holdings: .known(.init()))
        #expect(store.putAside("a.sql.gz") == "\(made)gcloud storage mv gs://b/daily/a.sql.gz \"$d/\")")
        #expect(store.putAside(Healthy.id) == "\(made)gcloud storage mv \"gs://b/daily/*\(Healthy.id)*\" \"$d/\")")
        #expect(store.putAside("x$(id).sql.gz") == "\(made)gcloud storage mv 'gs://b/daily/x$(id).sql.gz' \"$d/\")")
    }
}
