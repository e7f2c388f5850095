import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("Leftovers of killed runs")
struct LeftoverTests {
    @Test("What a dead run left is removed and reported; whole files and strangers stay")
    func removal() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            try await store.put("whole.sql.gz", bytes: [1])
            for name in [".a-20260214T020000Z.sql.gz.partial-4242-1771034400000", ".unrelated"] {
                try await Command("cp", [folder.string + "/whole.sql.gz", folder.string + "/" + name]).output()
            }
            try await Command("ln", ["-s", "whole.sql.gz", folder.string + "/.latest.json.link-4242"]).output()
            let removed = try await store.removeLeftovers { _ in false }
            #expect(removed.map(\.key) == [".a-20260214T020000Z.sql.gz.partial-4242-1771034400000", ".latest.json.link-4242"])
            #expect(removed.first?.bytes == 1)
            #expect(try await Command("ls", ["-A", folder.string]).output() == ".unrelated\nwhole.sql.gz\n")
        }
    }

    @Test("A file in the making is left alone, whoever looks")
    func living() async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            try await store.put("a.sql.gz") { sink in
                try await sink.write([1])
                #expect(try await LocalStore(root: folder.string).removeLeftovers { _ in false }.isEmpty)
                try await sink.write([2])
            }
            #expect(try await store.read("a.sql.gz") == [1, 2])
        }
    }

    @Test("A writer killed in the middle leaves a file the next run removes")
    func killed() async throws {
        try await withTemporaryFolder { folder in
            let partial = folder.string + "/.a.sql.gz.partial-1-1"
            let script = "exec 9>\"$1\"; flock 9; echo rows >&9; kill -9 $$"
            let outcome = try await Command("bash", ["-c", script, "bash", partial]).outcome()
            #expect(outcome.status == 137)
            #expect(try await LocalStore(root: folder.string).removeLeftovers { _ in false }.map(\.key) == [".a.sql.gz.partial-1-1"])
        }
    }

    @Test("A folder that does not exist yet has no leftovers")
    func nothing() async throws {
        #expect(try await LocalStore(root: "/nonexistent/backups").removeLeftovers { _ in false }.isEmpty)
    }
}
