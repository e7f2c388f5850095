import Testing

@testable import Postgres

@Suite("Foreign keys and indexes of a restored database")
struct ForeignKeyCheckTests {
    @Test("are in force as the backup says, when nobody has touched them")
    func untouched() async throws {
        try await Restored.with("") { restored in
            let outcome = try await ForeignKeyCheck(restored.source).run()
            #expect(outcome == ForeignKeyCheck.Outcome(differences: [], foreignKeys: 2, indexes: 3))
        }
    }

    @Test(
        "are named when they are not in force",
        arguments: [
            ("ALTER TABLE calls DROP CONSTRAINT calls_agent", "foreign key calls_agent of public.calls: expected there, found missing"),
            (
                "UPDATE pg_constraint SET convalidated = false WHERE conname = 'calls_agent'",
                "foreign key calls_agent of public.calls: expected valid, found not valid"
            ),
            (
                "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'calls_note'::regclass",
                "index public.calls_note: expected valid, found not valid"
            ),
        ])
    func changed(change: String, difference: String) async throws {
        try await Restored.with(change) { restored in
            let outcome = try await ForeignKeyCheck(restored.source).run()
            #expect(outcome.differences.map(\.description) == [difference])
        }
    }
}
