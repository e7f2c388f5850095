import BackupModel
import BackupTestKit
import Synchronization
import SystemPackage
import Testing

@testable import DumpFormat
@testable import Postgres

@Suite("A share of what would be taken over, read all the same")
struct ReuseAuditTests {
    private static let statement = SegmentStatement(
        table: CatalogTable(
            name: TableName(schema: CatalogName(bytes: Array("public".utf8)), name: CatalogName(bytes: Array("t".utf8))),
            columns: [], relfilenode: 9, heapBytes: 8192, toastBytes: 0, isHeap: true, includesDescendants: false),
        range: .init(lo: 8, hi: 16))

    private func difference(rows: Int64 = 5, checksum: String = "a") -> ReuseAudit.Difference? {
        let recorded = DumpIndex.Segment(lo: 8, hi: 16, offset: 0, summary: SegmentSummary(rows: 5, checksum: "a"))
        return ReuseAudit.difference(SegmentSummary(rows: rows, checksum: checksum), recorded, in: Self.statement)
    }

    @Test("Other rows are another thing than the same rows in other bytes, in its words, too")
    func words() throws {
        #expect(difference() == nil)
        let compressed = try #require(difference(checksum: "b"))
        #expect(compressed.isOfCompression)
        #expect("\(compressed)".hasPrefix("blocks 8 to 15 of public.t have the same rows, compressed to other bytes: 5 rows, "))
        let changed = try #require(difference(rows: 6, checksum: "b"))
        #expect(!changed.isOfCompression)
        #expect("\(changed)".hasPrefix("blocks 8 to 15 of public.t were taken for unchanged and are not: 5 rows, "))
    }

    @Test("Where the same rows are compressed to other bytes they are read, without a warning, and what is known of the catalogs stays")
    func recompressed() async throws {
        try requireServer(15)
        try await withDatabase(alone: true) { server, database in
            try await server.psql(
                "CREATE TABLE c (id int, note text); INSERT INTO c SELECT i, repeat('c', 100) FROM generate_series(1, 3000) i",
                database: database)
            var request = try Day.request(database, server)
            request.programFolder = server.installation.client.programs.string
            let first = DumpInMemory()
            let fresh = try await PostgresDump(request, progress: { _ in }).write(to: first).index
            let since = try #require(Instant(iso8601: "2026-02-01T00:00:00Z"))
            request.reuse = ReuseSource(name: "first", reader: try await first.withOtherChecksums().reader(), readSince: since)
            let told = Mutex<(warnings: [String], notes: [String])>(([], []))
            let outcome = try await PostgresDump(request) { event in
                switch event {
                case .warning(let text): told.withLock { $0.warnings.append(text) }
                case .note(let text): told.withLock { $0.notes.append(text) }
                default: break
                }
            }.write(to: DumpInMemory())
            let (warnings, notes) = told.withLock { $0 }
            #expect(warnings.isEmpty && notes.contains { $0.hasPrefix("no rows and no script are taken over from first") }, "\(notes)")
            #expect(outcome.difference == nil && outcome.reason == "the same rows are compressed to other bytes")
            let again = outcome.index
            #expect(again.tables.flatMap(\.segments).allSatisfy { $0.readAt == nil } && again.scripts.allSatisfy { $0.readAt == nil })
            #expect(again.tables.map(\.definition) == fresh.tables.map(\.definition) && again.schemaGround == fresh.schemaGround)
            #expect(again.census == fresh.census && again.schemaGround != nil)
        }
    }
}

extension DumpInMemory {
    /// As if another library had compressed the first table's rows.
    fileprivate func withOtherChecksums() async throws -> DumpInMemory {
        let reader = try await reader()
        var index = reader.index
        for place in index.tables[0].segments.indices {
            index.tables[0].segments[place].checksum = String(index.tables[0].segments[place].checksum.reversed())
        }
        let end = Int(index.runs.map { $0.offset + $0.compressedBytes }.max() ?? 0)
        var writer = DumpWriter(container: reader.container)
        writer.advance(by: end)
        let other = DumpInMemory()
        other.bytes = Array(bytes.prefix(end)) + (try writer.finish(index))
        return other
    }
}
