import BackupTestKit
import DumpFormat
import DumpSamples
import Testing

@testable import Postgres

@Suite("Definitions of a restored database")
struct DefinitionsComparisonTests {
    @Test("that nobody has touched are those of the backup")
    func untouched() async throws {
        try await Restored.with("") { restored in
            let outcome = try await DefinitionsComparison(restored.source).run()
            #expect(outcome.differences == [])
            #expect(outcome.count > 30)
            #expect(outcome.releases == nil)
        }
    }

    @Test(
        "that were changed are named",
        arguments: [
            ("DROP INDEX calls_note", ["INDEX public.calls_note: expected there, found missing"]),
            ("ALTER TABLE calls DROP CONSTRAINT calls_agent", ["FK CONSTRAINT public.calls calls_agent: expected there, found missing"]),
            ("DROP TRIGGER told ON calls", ["TRIGGER public.calls told: expected there, found missing"]),
            (
                "DROP TABLE \"Odd; name\"",
                [
                    "TABLE public.Odd; name: expected there, found missing",
                    "owner postgres (TABLE public.Odd; name): expected there, found missing",
                ]
            ),
            ("CREATE INDEX more ON calls (id, note)", ["INDEX public.more: expected not there, found there"]),
            (
                "COMMENT ON TABLE calls IS 'what was not said'",
                ["COMMENT public.TABLE calls: expected as the script has it, found with another content"]
            ),
            (
                "REVOKE SELECT ON calls FROM pg_monitor",
                [
                    "ACL public.TABLE calls: expected there, found missing",
                    "GRANT SELECT ON TABLE public.calls TO pg_monitor; (ACL public.TABLE calls): expected there, found missing",
                ]
            ),
            (
                "ALTER TABLE notes OWNER TO pg_monitor",
                [
                    "owner pg_monitor (TABLE public.notes): expected not there, found there",
                    "owner postgres (TABLE public.notes): expected there, found missing",
                ]
            ),
            (
                "ALTER TABLE calls DROP CONSTRAINT calls_agent, ADD CONSTRAINT calls_agent FOREIGN KEY (agent_id) REFERENCES agents NOT VALID",
                ["FK CONSTRAINT public.calls calls_agent: expected as the script has it, found with another content"]
            ),
        ])
    func changed(change: String, differences: [String]) async throws {
        try await Restored.with(change) { restored in
            let outcome = try await DefinitionsComparison(restored.source).run()
            #expect(outcome.differences.map(\.description) == differences)
        }
    }

    @Test("that only read differently are noted")
    func reworded() async throws {
        try await Restored.with("ALTER TABLE agents ALTER name SET DEFAULT 'nobody'") { restored in
            let outcome = try await DefinitionsComparison(restored.source).run()
            #expect(outcome.differences == [])
            #expect(outcome.reworded == ["TABLE public.agents"])
        }
    }

    @Test("that another release of pg_dump has written are compared without their words")
    func anotherRelease() async throws {
        try await Restored.with("COMMENT ON TABLE calls IS 'what was not said'; DROP INDEX calls_note") { restored in
            var forgery = try await DumpForgery(of: restored.reader)
            let isForged = forgery.replaceText(in: .preData, "-- Dumped by pg_dump version 15", with: "-- Dumped by pg_dump version 99")
            #expect(isForged)
            let reader = try await DumpReader(bytes: forgery.write())
            let request = try restored.source.request
            let source = ProofSource(reader: reader, target: request.target, programs: request.programFolder, path: nil)
            let outcome = try await DefinitionsComparison(source).run()
            #expect(outcome.releases == "99 and 15")
            #expect(outcome.differences.map(\.subject) == ["INDEX public.calls_note"])
        }
    }
}
