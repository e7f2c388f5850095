import BackupTestKit
import DumpFormat
import Postgres
import ScratchServers
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

    @Test("find nothing on a scratch server, whose first superuser has another name", arguments: PostgresInstallation.supportedMajors)
    func scratch(version: Int) async throws {
        try await withEverything(version: version) { server, source, _ in try await prove(source, on: server) }
    }

    @Test("find nothing where an extension's and the system's own objects were changed", arguments: 14...18)
    func history(version: Int) async throws {
        try requireServer(version)
        try await PostgresInstallation.required(version).addExtension(from: Fixture.path("extension"))
        try await withDatabase(version: version) { server, source in
            try await server.psql(file: Fixture.path("history.sql"), database: source)
            try await prove(source, on: server, isFull: false)
        }
    }

    private func prove(_ source: String, on server: PostgresServer, isFull: Bool = true) async throws {
        try await withAdmin(server) { admin in
            let dump = try await admin.backup(source, "--jobs", "2")
            try await DumpReader.with(dump) { reader in
                let request = ScratchPostgresRequest(major: server.major, programs: server.installation.programs.string)
                try await withScratchPostgres(request) { scratch in
                    try await restore(reader, from: server, on: scratch)
                    try await compare(reader, with: scratch.target.with(database: "proof"), on: server, isFull: isFull)
                }
            }
        }
    }

    private func restore(_ reader: DumpReader, from server: PostgresServer, on scratch: ScratchPostgres) async throws {
        let globals = try await server.command("pg_dumpall", ["--globals-only"]).output()
        let restore = GlobalsRestore { _ in try scratch.makeTablespaceFolder("\(UInt32.random(in: 0 ... .max))") }
        _ = try await PostgresConnection.with(scratch.target, applicationName: "test") {
            try await restore.run(Array(globals.utf8), over: $0)
        }
        _ = try await PostgresRestore(
            of: reader, to: .new("proof"), on: scratch.target, options: RestoreOptions(jobs: 2), progress: { _ in }
        ).run()
    }

    private func compare(_ reader: DumpReader, with target: ConnectionTarget, on server: PostgresServer, isFull: Bool = true) async throws {
        let source = ProofSource(reader: reader, target: target, programs: server.program("").string, path: nil)
        let definitions = try await DefinitionsComparison(source).run()
        #expect(definitions.differences == [])
        #expect(definitions.count > (isFull ? 200 : 20))
        #expect(definitions.reworded.count < 10, "\(definitions.reworded)")
        let data = try await DataPartComparison(source).run()
        #expect(data.differences == [])
        #expect(!isFull || data.sequences > 0 && data.largeObjects > 0 && data.extensionRows > 0)
        let keys = try await ForeignKeyCheck(source).run()
        #expect(keys.differences == [])
        #expect(!isFull || keys.foreignKeys > 0 && keys.indexes > 0)
        let digests = TableDigests(
            target: target, jobs: 2, stallLimit: nil, encoding: reader.index.source.encoding, progress: { _ in })
        let found = try await digests.read { _ in true }
        #expect(TableComparison(tables: reader.index.tables).differences(in: found) == [])
    }
}
