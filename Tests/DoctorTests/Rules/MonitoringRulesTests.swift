import BackupReports
import Testing

@testable import Doctor

@Suite("What Prometheus does not know")
struct MonitoringRulesTests {
    private func words(token: Bool, tls: Bool) throws -> Bilingual {
        var facts = Healthy.examination
        facts.monitoring = MonitoringCondition(place: "http://localhost:9090", isExpected: true, figures: .known(.init()))
        facts.monitoring?.needsToken = token
        facts.monitoring?.needsTLS = tls
        let found = try #require(Diagnose()(facts).first)
        #expect(found.code == .metricsMissing)
        return found.remedy.words
    }

    @Test("A job that lacks the token, or asks in the clear, is told what it needs, with the setting")
    func needs() throws {
        let both = try words(token: true, tls: true)
        for words in [both.english, both.russian] {
            for part in ["authorization: {credentials_file: …} (BACKUP_HTTP_READ_TOKEN)", "scheme: https (BACKUP_HTTP_TLS_CERT)"] {
                #expect(words.contains(part), "\(words)")
            }
        }
        let token = try words(token: true, tls: false).english
        #expect(token.contains("BACKUP_HTTP_READ_TOKEN") && !token.contains("https"))
        #expect(try words(token: false, tls: false).english.hasSuffix("whether the service runs."))
    }
}
