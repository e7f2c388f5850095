import BackupTestKit
import Doctor
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Files of a folder whose rights are put right")
struct FolderRepairTests {
    private static let ours = [
        "20260214T020000Z.json", "call_center-20260214T020000Z.sql.gz", "call_center-20260214T020000Z.sql.zst.age",
        "call_center-20260214T020000Z.dump", "redis-2-20260214T020000Z.rdb.gz", "globals-20260214T020000Z.sql",
    ]
    private static let theirs = [
        "notes.txt", "old/call_center-20260213T020000Z.sql.gz", "20260214.json", "20260214T020000Z.txt", "x-20260214T020000Z.json",
        "schema-20260214T020000Z.sql", "20260214T020000Z.sql.gz", "before-restore-20260214T020000Z.rdb.gz",
    ]

    /// What anybody may read before is told by its name and rights afterwards.
    private func rights(after body: (FilePath) async throws -> Void) async throws -> String {
        try await withTemporaryFolder { folder in
            let make = #"cd "$0" && mkdir old && touch "$@" && chmod 644 "$@""#
            try await Command("bash", ["-c", make, folder.string] + Self.ours + Self.theirs).output()
            try await body(folder)
            return try await Command("bash", ["-c", #"cd "$0" && find . -type f -printf '%m %P\n' | sort"#, folder.string]).output()
        }
    }

    @Test("The command that is shown does what the repair does, and both leave alone what operators have put there")
    func closeFiles() async throws {
        let repaired = try await rights { try FolderRepair(root: $0.string).closeFiles() }
        let expected = Self.ours.map { "600 \($0)" } + Self.theirs.map { "644 \($0)" }
        #expect(Set(repaired.split(separator: "\n").map(String.init)) == Set(expected))
        let typed = try await rights { folder in
            let command = try #require(Repair.closeFiles(store: folder.string).command)
            try await Command("bash", ["-c", command]).output()
        }
        #expect(typed == repaired)
    }
}
