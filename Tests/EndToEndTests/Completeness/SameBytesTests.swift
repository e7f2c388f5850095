import BackupTestKit
import DumpFormat
import Foundation
import SystemPackage
import Testing

@Suite("Same data, same bytes")
struct SameBytesTests {
    @Test("one job and four jobs write the same file but for recorded times")
    func jobsDoNotShow() async throws {
        try await withEverything { server, source, _ in
            try await withAdmin(server) { admin in
                let alone = try await admin.backup(source, "--jobs", "1")
                try await Command("mv", [alone.string, "\(admin.folder)/../alone.sql.gz"]).output()
                let together = try await admin.backup(source, "--jobs", "4")
                let first = try await Layout(of: admin.folder.removingLastComponent().appending("alone.sql.gz"))
                let second = try await Layout(of: together)
                #expect(first == second)
                let compared = try await Command(
                    "bash", ["-c", "cmp <(zcat \"$1\") <(zcat \"$2\")", "compare", "\(admin.folder)/../alone.sql.gz", together.string]
                ).outcome()
                #expect(compared.status == 0, "\(compared.output)")
            }
        }
    }
}

/// Everything the index says of the file's bytes: places, lengths, digests and checksums of all its parts.
private struct Layout: Equatable {
    let tables: [DumpIndex.Table]
    let scripts: [DumpIndex.ScriptPart]

    init(of dump: FilePath) async throws {
        let file = try FileDescriptor.open(dump, .readOnly)
        defer { try? file.close() }
        let size = try file.seek(offset: 0, from: .end)
        let reader = try await DumpReader(byteCount: size) { offset, count in
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = try file.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        tables = reader.index.tables
        scripts = reader.index.scripts
    }
}
