import BackupModel
import BackupTestKit
import BackupVerification
import DumpFormat
import DumpSamples
import SystemPackage
import Testing

/// A real dump of a small database, cut into many segments and members, and one of the day after. Taken once per test process.
actor MutationSample {
    static let shared = MutationSample()

    struct Dumps: Sendable {
        var first: DumpForgery
        var later: DumpForgery
    }

    private var taking: Task<Dumps, any Error>?

    func dumps() async throws -> Dumps {
        if let taking { return try await taking.value }
        let task = Task { try await Self.take() }
        taking = task
        return try await task.value
    }

    private static func take() async throws -> Dumps {
        try await withDatabase { server, database in
            try await server.psql(file: Fixture.path("mutations.sql"), database: database)
            return try await withAdmin(server) { admin in
                let first = try await cut(admin.backup(database, "--jobs", "2"))
                try await server.psql(
                    "UPDATE calls SET note = note || ' again' WHERE id % 7 = 0; UPDATE notes SET body = upper(body)", database: database)
                return Dumps(first: first, later: try await cut(admin.backup(database, "--jobs", "2")))
            }
        }
    }

    /// The same dump in pieces as small as those of a large one are many.
    private static func cut(_ dump: FilePath) async throws -> DumpForgery {
        var forgery = try await DumpForgery(of: DumpReader(bytes: [UInt8](contentsOf: dump)))
        forgery.memberBytes = 6000
        forgery.cut(rowsPerSegment: 400)
        var small = try await DumpForgery(of: DumpReader(bytes: forgery.write(honest: true)))
        small.memberBytes = forgery.memberBytes
        return small
    }
}

extension [UInt8] {
    init(contentsOf path: FilePath) throws {
        let file = try FileDescriptor.open(path, .readOnly)
        defer { try? file.close() }
        let size = Int(try file.seek(offset: 0, from: .end))
        try self.init(unsafeUninitializedCapacity: size) { buffer, filled in
            filled = try file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// As a manifest has it.
    func sha256() async throws -> String {
        try await withTemporaryFolder { folder in
            let file = try write(to: folder.appending("dump"))
            return String(try await Command("sha256sum", [file.string]).output().prefix(64))
        }
    }
}
