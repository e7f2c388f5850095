import BackupTestKit
import Testing

@Suite("Databases that are not UTF-8")
struct EncodingTests {
    @Test("are proved, and come back byte for byte", arguments: ["SQL_ASCII", "LATIN1", "WIN1251", "EUC_JP", "UTF8"])
    func comeBack(encoding: String) async throws {
        try requireServer(15)
        let options = "ENCODING '\(encoding)' LOCALE 'C'"
        try await withDatabase(options) { server, source in
            try await server.psql(file: Fixture.path("encodings.sql"), database: source)
            let original = try await server.fingerprint(of: source)
            try await withAdmin(server) { admin in
                let dump = try await admin.proving(["BACKUP_VERIFY_LEVEL": "restore"]).backup(source, "--jobs", "2")
                try await withDatabase(options) { server, copy in
                    try await server.restorePlainly(dump, into: copy)
                    let copied = try await server.fingerprint(of: copy)
                    #expect(copied.differences(from: original) == [])
                }
                let restored = try await admin.restored(dump) { try await server.fingerprint(of: $0) }
                #expect(restored.differences(from: original) == [])
            }
        }
    }
}
