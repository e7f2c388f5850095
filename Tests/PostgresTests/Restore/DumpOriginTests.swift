import BackupTestKit
import SystemPackage
import Testing

@testable import Postgres

@Suite("Where a foreign dump came from")
struct DumpOriginTests {
    @Test("The head of an archive names the database and the release, whichever release wrote it", arguments: [15, 17])
    func archive(version: Int) async throws {
        try requireServer(version)
        try await withDatabase(version: version) { server, database in
            try await withTemporaryFolder { folder in
                let file = folder.appending("dump").string
                try await server.command("pg_dump", ["-d", database, "-F", "c", "-f", file]).output()
                let text = try await Command("od", ["-An", "-v", "-tx1", "-w1", "-N512", file]).output()
                let head = text.split(whereSeparator: \.isWhitespace).compactMap { UInt8($0, radix: 16) }
                let origin = try #require(DumpOrigin(archiveBeginning: head))
                #expect(origin.database == database)
                #expect(origin.serverVersion?.hasPrefix("\(server.major).") == true)
                #expect(origin.takenAt == nil && !origin.isOurs)
                for count in 0..<30 { #expect(DumpOrigin(archiveBeginning: Array(head.prefix(count))) == nil) }
            }
        }
    }

    @Test("Anything else names nothing", arguments: [[], Array("PGDMP".utf8), [UInt8](repeating: 0xff, count: 512)])
    func none(head: [UInt8]) {
        #expect(DumpOrigin(archiveBeginning: head) == nil)
        #expect(DumpOrigin(archiveBeginning: Array("PGDMP".utf8) + head) == nil)
    }

    @Test("What a manifest says goes before what the archive says")
    func completed() {
        let manifest = DumpOrigin(database: "calls", takenAt: "2026-02-14T02:00:00Z", isOurs: true)
        let head = DumpOrigin(database: "other", serverVersion: "17.11")
        let both = DumpOrigin(database: "calls", takenAt: "2026-02-14T02:00:00Z", serverVersion: "17.11", isOurs: true)
        #expect(manifest.completed(by: head) == both)
    }
}
