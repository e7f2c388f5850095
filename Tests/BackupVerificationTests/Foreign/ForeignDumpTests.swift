import BackupModel
import BackupTestKit
import BackupVerification
import DumpSamples
import Foundation
import SystemPackage
import Testing

/// Files of the real pg_dump, whole and damaged.
struct ForeignDumpTests {
    private func withDump(_ options: String, _ body: (_ file: String, _ pgRestore: String) async throws -> Void) async throws {
        try await withDatabase { server, database in
            let sql = """
                CREATE TABLE calls AS SELECT i, md5(i::text) AS note FROM generate_series(1, 20000) i;
                CREATE TABLE "odd;\nname" (a text); INSERT INTO "odd;\nname" VALUES (E'\\\\.'), (E'a\\nb'), (NULL);
                CREATE TABLE empty (); INSERT INTO empty DEFAULT VALUES;
                """
            _ = try await server.psql(sql, database: database)
            try await withTemporaryFolder { folder in
                let file = folder.appending("dump").string
                let dump = "'\(server.program("pg_dump").string)' '\(server.url(database: database))' \(options) '\(file)'"
                try await Command("bash", ["-o", "pipefail", "-c", dump], environment: server.environment).output()
                try await body(file, server.program("pg_restore").string)
            }
        }
    }

    private func verdict(on bytes: [UInt8], path: String, pgRestore: String) async throws -> Verdict {
        try Data(bytes).write(to: URL(filePath: path))
        return try await FileVerification(file: BytesInMemory(bytes), path: path, level: .content, jobs: 2, pgRestore: pgRestore).run()
    }

    @Test(arguments: [
        ("| gzip >", FileKind.gzipScript), ("| pigz >", .gzipScript), ("| igzip >", .gzipScript), ("| zstd >", .zstdScript), (">", .script),
        ("-Fc -f", .custom), ("-Fc -Z0 -f", .custom),
    ])
    func passWhatIsWhole(options: String, kind: FileKind) async throws {
        try await withDump(options) { file, pgRestore in
            let bytes = try Array(Data(contentsOf: URL(filePath: file)))
            let verdict = try await verdict(on: bytes, path: file, pgRestore: pgRestore)
            #expect(verdict.findings == [])
            #expect(verdict.passed)
            #expect(verdict.kind == kind)
            #expect(verdict.tables == 3)
            #expect(verdict.rows == (kind == .custom ? nil : 20_004))
        }
    }

    @Test(arguments: ["| gzip >", "| pigz >", "-Fc -f"])
    func noticeDamage(options: String) async throws {
        try await withDump(options) { file, pgRestore in
            let bytes = try Array(Data(contentsOf: URL(filePath: file)))
            for length in [bytes.count / 3, bytes.count / 2, bytes.count - 1] {
                let verdict = try await verdict(on: Array(bytes[..<length]), path: file, pgRestore: pgRestore)
                #expect(!verdict.passed)
            }
            var damaged = bytes
            damaged[bytes.count / 2] ^= 0x40
            #expect(try await !verdict(on: damaged, path: file, pgRestore: pgRestore).passed)
        }
    }

    @Test
    func needPgRestoreForArchives() async throws {
        let archive = BytesInMemory(Array("PGDMP whatever".utf8))
        let verification = FileVerification(file: archive, path: "/nowhere", level: .quick, jobs: 1)
        await #expect(throws: BackupError.self) { try await verification.run() }
    }
}
