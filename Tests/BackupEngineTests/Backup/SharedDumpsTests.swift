import BackupModel
import BackupTestKit
import BytePipeline
import DumpFormat
import ObjectStores
import SystemPackage
import Testing

@testable import Postgres

/// What daily dumps of one database take in a folder whose files can share blocks.
@Suite("Daily dumps that share their blocks")
struct SharedDumpsTests {
    private static let rows = 320_000

    /// Rows that do not compress well, so that the file is large for what has to be read.
    private static let table = """
        CREATE TABLE calls (id bigint PRIMARY KEY, note text);
        INSERT INTO calls SELECT i, \(note) FROM generate_series(1, \(rows)) i;
        """

    private static let note = [3, 7, 11, 13, 17].map { "md5((i * \($0))::text)" }.joined(separator: " || ")

    /// A hundredth of the rows is inserted, updated or deleted, at a few places, as what belongs to a day lies together.
    private static func change(on day: Int) -> String {
        let place = day * 10_000
        return """
            INSERT INTO calls SELECT i, \(note) FROM generate_series(\(rows + day * 2000), \(rows + day * 2000 + 1919)) i;
            UPDATE calls SET note = md5(note) || note WHERE id BETWEEN \(place) AND \(place + 639);
            DELETE FROM calls WHERE id BETWEEN \(place + 4000) AND \(place + 4639);
            """
    }

    @Test(
        "Ten of them take little more than one, each is what was written, and the last is whole without the others",
        arguments: ReflinkFilesystem.allCases)
    func tenDays(kind: ReflinkFilesystem) async throws {
        try requireServer(15)
        try await ReflinkFilesystem.with(kind) { place in
            try await withDatabase { server, database in
                try await server.psql(Self.table, database: database)
                let store = LocalStore(root: "\(place)/backups")
                let empty = try await ReflinkFilesystem.usedBytes(of: place)
                var days = [try await dump(0, of: database, on: server, after: nil, in: store)]
                let one = try await ReflinkFilesystem.usedBytes(of: place) - empty
                for day in 1..<10 {
                    try await server.psql(Self.change(on: day), database: database)
                    days.append(try await dump(day, of: database, on: server, after: days.last?.key, in: store))
                }
                let ten = try await ReflinkFilesystem.usedBytes(of: place) - empty
                #expect(Double(ten) <= 1.2 * Double(one), "one file takes \(one) bytes, ten take \(ten)")
                for day in days { #expect(try await store.open(day.key).summary() == day.written) }
                for day in days.dropLast() { try await store.delete(day.key) }
                let last = try #require(days.last)
                #expect(try await store.open(last.key).summary() == last.written)
            }
        }
    }

    /// - Returns: what a file has that shares nothing: the bytes on their way.
    private func dump(
        _ day: Int, of database: String, on server: PostgresServer, after earlier: String?, in store: LocalStore
    ) async throws -> (key: String, written: ByteSummary) {
        let key = "calls-\(day).sql.gz"
        let request = try await request(day, database, server, after: earlier, in: store)
        let written = try await store.put(key) { file in
            let digesting = DigestingSink(file)
            _ = try await PostgresDump(request, progress: { _ in }).write(to: digesting)
            return digesting.summary
        }
        return (key, written)
    }

    /// Once a week everything is read again; what turns out the same is shared then, too.
    private func request(
        _ day: Int, _ database: String, _ server: PostgresServer, after earlier: String?, in store: LocalStore
    ) async throws -> DumpRequest {
        var request = DumpRequest(
            target: try ConnectionTarget(url: server.url(database: database)), jobs: 2,
            programFolder: server.installation.client.programs.string, tool: "tests", timestamp: { "2026-02-14T02:00:00Z" })
        // As small against the table as usual segments are against usual tables.
        request.segmentBytes = 32 << 10
        guard let earlier else { return request }
        let file = try await store.open(earlier)
        let reader = try await DumpReader(byteCount: file.byteCount) { try await file.read(at: $0, count: $1) }
        request.previous = reader.index
        request.precedent = earlier
        if day % 7 != 0 { request.reuse = ReuseSource(name: earlier, reader: reader, readSince: Instant(secondsSinceEpoch: 0)) }
        return request
    }
}
