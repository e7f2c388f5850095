import BackupTestKit
import Testing

@testable import Postgres

@Suite("Timestamps in a script")
struct ZonedInstantsTests {
    @Test(
        "that mean the same instant read the same",
        arguments: [
            ("2026-02-14 03:00:00+03", "2026-02-14 00:00:00+00"), ("2026-03-01 01:59:59.25+05:45", "2026-02-28 20:14:59.25+00"),
            ("0001-01-01 00:00:00+02:30:17", "0001-12-31 21:29:43+00 BC"), ("2024-12-31 20:30:00-03:30", "2025-01-01 00:00:00+00"),
            ("FROM ('2025-12-31 21:00:00+00') TO (MAXVALUE)", "FROM ('2026-01-01 00:00:00+03') TO (MAXVALUE)"),
            ("[\"12024-03-01 00:00:00+03\",)", "[\"12024-02-29 21:00:00+00\",)"),
        ])
    func equal(_ one: String, _ other: String) {
        #expect(Array(one.utf8).withInstants() == Array(other.utf8).withInstants())
    }

    @Test(
        "that mean another instant, or none, do not",
        arguments: [
            ("2026-02-14 03:00:00+03", "2026-02-14 00:00:00+03"), ("2026-02-14 03:00:00.5+03", "2026-02-14 03:00:00+03"),
            ("2026-02-14 03:00:00", "2026-02-14 00:00:00"), ("2026-02-14 03:00:00+00", "2026-02-14 03:00:00"),
            ("0044-03-15 00:00:00+00", "0044-03-15 00:00:00+00 BC"), ("'10:00:00+03'", "'07:00:00+00'"),
        ])
    func different(_ one: String, _ other: String) {
        #expect(Array(one.utf8).withInstants() != Array(other.utf8).withInstants())
    }

    @Test("mean what the server takes them for")
    func asTheServer() async throws {
        try requireServer(15)
        let moments =
            "SELECT ('4714-11-24 00:00:00+00 BC'::timestamptz + i * interval '26677:14:15.5')::text FROM generate_series(0, 3000) i"
        let server = try await SharedServers.shared.server()
        let here = try await server.psql("SET TimeZone = 'UTC'; \(moments)").split(separator: "\n")
        let there = try await server.psql("SET TimeZone = 'Europe/Moscow'; \(moments)").split(separator: "\n")
        #expect(here.count == 3001)
        let unequal = zip(here, there).filter { Array($0.utf8).withInstants() != Array($1.utf8).withInstants() }
        #expect(unequal.map { "\($0), \($1)" }.prefix(3) == [])
        let alike = zip(here, there).filter { $0 == $1 }
        #expect(alike.isEmpty)
    }
}
