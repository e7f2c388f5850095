import DumpFormat
import Testing

@testable import Postgres

@Suite("Rows of a restored database")
struct TableComparisonTests {
    @Test(
        "are those of the backup, or the table is named with both sides",
        arguments: [
            ("", []),
            ("UPDATE calls SET note = 'x' WHERE id = 7", ["public.calls has other values"]),
            ("DELETE FROM calls WHERE id = 7", ["public.calls has 999 rows instead of 1000"]),
            ("INSERT INTO empty VALUES (1)", ["public.empty has 1 row instead of 0"]),
            ("DROP TABLE empty", ["public.empty is missing"]),
            ("CREATE TABLE more AS SELECT 1", ["public.more has 1 row instead of 0"]),
            ("CREATE TABLE more (id int)", []),
        ])
    func changed(change: String, summaries: [String]) async throws {
        try await Restored.with(change) { restored in
            let source = try restored.source
            let digests = TableDigests(
                target: source.request.target, jobs: 2, stallLimit: nil, encoding: restored.reader.index.source.encoding, progress: { _ in }
            )
            let found = try await digests.read { _ in true }
            let differences = TableComparison(tables: restored.reader.index.tables).differences(in: found)
            #expect(differences.map(\.summary) == summaries)
        }
    }

    @Test("are told with expected and found")
    func text() {
        let table = DumpIndex.Table(
            schema: "public", name: "Calls", columns: ["id"], relfilenode: 1, rows: 2, digest: RowsDigest(sum: 10))
        let key = QualifiedName(schema: "public", name: "Calls")
        let comparison = TableComparison(tables: [table])
        #expect(comparison.differences(in: [key: TableDigest(rows: 2, digest: RowsDigest(sum: 10))]).isEmpty)
        #expect(
            comparison.differences(in: [key: TableDigest(rows: 1, digest: RowsDigest(sum: 3))]).map(\.difference.description) == [
                "table public.\"Calls\": expected 2 rows of digest 0000000000000000000000000000000a, "
                    + "found 1 row of digest 00000000000000000000000000000003"
            ])
        #expect(comparison.differences(in: [:]).map(\.difference.found) == ["no such table"])
    }

    @Test("that an index of all tables does not know are named even when they are empty")
    func unknown() {
        let found = [QualifiedName(schema: "public", name: "lost"): TableDigest()]
        #expect(TableComparison(tables: []).differences(in: found).isEmpty)
        #expect(TableComparison(tables: [], isComplete: true).differences(in: found).map { "\($0.table)" } == ["public.lost"])
    }
}
