import BackupTestKit
import DumpFormat
import DumpSamples
import SystemPackage

/// A dump whose restore calls on a function of its own while it builds an index. What that does on the scratch server can be chosen:
/// so a proof stands still, or fails, just when a test wants it to. Taken once per test process.
actor ProofSample {
    static let shared = ProofSample()

    enum Behaviour: String {
        case harmless = "PERFORM 'harmless'"
        case standsStill = "PERFORM pg_sleep(600)"
        case fails = "RAISE EXCEPTION 'not on this server'"
    }

    private var taking: Task<DumpForgery, any Error>?

    func dump(_ behaviour: Behaviour = .harmless) async throws -> DumpForgery {
        let task = taking ?? Task { try await Self.take() }
        taking = task
        var dump = try await task.value
        _ = dump.replaceText(in: .preData, Behaviour.harmless.rawValue, with: behaviour.rawValue)
        return dump
    }

    /// A test's own server listens on 127.0.0.1, a scratch server on no address.
    private static func take() async throws -> DumpForgery {
        try await withDatabase { server, database in
            try await server.psql(
                """
                CREATE FUNCTION met(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
                    IF current_setting('listen_addresses') = '' THEN \(Behaviour.harmless.rawValue); END IF; RETURN $1; END $$;
                CREATE TABLE calls AS SELECT i AS id, md5(i::text) AS note FROM generate_series(1, 1000) i;
                CREATE INDEX calls_met ON calls (met(id));
                CREATE INDEX calls_by_note ON calls (note);
                """, database: database)
            return try await withAdmin(server) { admin in
                try await DumpForgery(of: DumpReader(bytes: [UInt8](contentsOf: admin.backup(database))))
            }
        }
    }
}

/// Runs `body` with the program and the sample as a lone file in its folder.
func withSample(
    _ behaviour: ProofSample.Behaviour = .harmless, _ change: (inout DumpForgery) -> Void = { _ in },
    _ body: (AdminProgram, _ dump: FilePath) async throws -> Void
) async throws {
    try requireServer(15)
    var dump = try await ProofSample.shared.dump(behaviour)
    change(&dump)
    let bytes = try dump.write()
    try await withAdmin(try await SharedServers.shared.server()) { admin in
        try await body(try await admin.proving(), try bytes.write(to: admin.folder.appending("sample.sql.gz")))
    }
}

extension [UInt8] {
    @discardableResult
    func write(to path: FilePath) throws -> FilePath {
        let file = try FileDescriptor.open(path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        defer { try? file.close() }
        try file.writeAll(self)
        return path
    }
}
