import BackupTestKit
import DumpFormat
import Postgres
import SystemPackage
import Testing

@Suite("The comparisons of a proof")
struct ProofComparisonTests {
    @Test("find nothing in a restored database that has everything", arguments: PostgresInstallation.supportedMajors)
    func everything(version: Int) async throws {
        try await withEverything(version: version) { server, source, _ in
            try await withAdmin(server) { admin in
                let dump = try await admin.backup(source, "--jobs", "2")
                try await admin.restored(dump) { copy in
                    let target = try ConnectionTarget(url: server.url(database: copy))
                    try await DumpReader.with(dump) { try await compare($0, with: target, on: server) }
                }
            }
        }
    }

    private func compare(_ reader: DumpReader, with target: ConnectionTarget, on server: PostgresServer) async throws {
        let source = ProofSource(reader: reader, target: target, programs: server.program("").string, path: nil)
        let definitions = try await DefinitionsComparison(source).run()
        #expect(definitions.differences == [])
        #expect(definitions.count > 200)
        #expect(definitions.reworded.count < 10, "\(definitions.reworded)")
        let data = try await DataPartComparison(source).run()
        #expect(data.differences == [])
        #expect(data.sequences > 0 && data.largeObjects > 0 && data.extensionRows > 0)
        let keys = try await ForeignKeyCheck(source).run()
        #expect(keys.differences == [])
        #expect(keys.foreignKeys > 0 && keys.indexes > 0)
        let digests = TableDigests(
            target: target, jobs: 2, stallLimit: nil, encoding: reader.index.source.encoding, progress: { _ in })
        let found = try await digests.read { _ in true }
        #expect(TableComparison(tables: reader.index.tables).differences(in: found) == [])
    }
}
