import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("Where a bucket's server is")
struct BucketEndpointTests {
    private func endpoint(_ url: String?, region: String? = nil, _ kind: StoreCondition.Kind = .s3) -> BucketEndpoint {
        var store = StoreCondition(name: "s3://b", kind: kind, holdings: .known(.init()))
        store.program = BucketProgram(endpoint: url, region: region)
        return BucketEndpoint(store)
    }

    @Test(
        "Host and port, as far as the settings name them, and no credentials",
        arguments: [
            ("http://127.0.0.1:9000", "127.0.0.1:9000", "http://127.0.0.1:9000/"),
            ("https://s3.example.org", "s3.example.org:443", "https://s3.example.org/"),
            ("http://[::1]:9000/x?y", "[::1]:9000", "http://[::1]:9000/"),
            ("http://user:word@minio:9000", "minio:9000", "http://minio:9000/"),
        ])
    func given(_ text: String, _ place: String, _ url: String) {
        let found = endpoint(text)
        #expect(found.place == place && found.url == url && found.isGiven)
    }

    @Test("Else the vendor's own")
    func vendors() {
        #expect(endpoint(nil, region: "eu-west-9").url == "https://s3.eu-west-9.amazonaws.com/")
        #expect(endpoint(nil, .gcs).place == "storage.googleapis.com:443")
        #expect(!endpoint(nil).isGiven)
    }

    @Test("A refused connection names it, the setting, and how to try it")
    func refused() throws {
        var facts = Healthy.examination
        facts.stores[1].holdings = .troubled(Trouble(.notListening, "connection refused"))
        facts.stores[1].program = BucketProgram(endpoint: "http://minio:9000")
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.cause.english == "s3://call-center-backups cannot be reached at minio:9000")
        #expect(finding.remedy.words.english.contains("port 9000 of minio") && finding.remedy.words.english.contains("AWS_ENDPOINT_URL_S3"))
        #expect(
            finding.remedy.commands == [
                "call-center-admin storage check \(finding.subject.store ?? "")", "getent hosts minio",
                "curl -sS --max-time 5 -o /dev/null http://minio:9000/", "call-center-admin config show",
            ])
        #expect(finding.runbook == .silence)
        facts.stores[1].program = BucketProgram(endpoint: "http://127.0.0.1:9000")
        let address = try #require(Diagnose()(facts).first)
        // There is no name to look up.
        #expect(address.remedy.commands.dropFirst().first == "curl -sS --max-time 5 -o /dev/null http://127.0.0.1:9000/")
    }
}
