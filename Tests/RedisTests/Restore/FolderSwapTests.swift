import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import Redis

@Suite struct FolderSwapTests {
    private func swap(_ place: DataFolder, failing: @escaping @Sendable (String, String) -> Bool) -> FolderSwap {
        var swap = FolderSwap(
            folder: place, movedAside: ["dump.rdb": "dump.rdb.before", "appendonly.aof": "appendonly.aof.before"], log: .none)
        swap.rename = { from, to in
            guard failing(from, to) else { return Glibc.rename(from, to) }
            errno = EIO
            return -1
        }
        return swap
    }

    private func listing(_ place: DataFolder) async throws -> String {
        try await Command("bash", ["-c", "cd '\(place.path)' && ls -A | tr '\\n' ' '"]).output()
    }

    private func withFolder(_ body: (DataFolder) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await Command("bash", ["-c", "cd '\(folder)' && touch dump.rdb appendonly.aof hidden"]).output()
            try await body(DataFolder(path: folder.string))
        }
    }

    @Test func aRenameThatFailsTakesTheOthersBack() async throws {
        try await withFolder { place in
            let error = await complaint {
                try swap(place) { from, _ in from.hasSuffix("hidden") }.run(bringingIn: place.file("hidden"))
            }
            #expect(error?.message == "cannot rename \(place.file("hidden")): input/output error")
            let files = try await listing(place)
            #expect(files == "appendonly.aof dump.rdb hidden ")
        }
    }

    @Test func whatCannotBeTakenBackIsNamed() async throws {
        try await withFolder { place in
            let error = await complaint {
                try swap(place) { from, to in from.hasSuffix("hidden") || to.hasSuffix("dump.rdb") }.run(bringingIn: place.file("hidden"))
            }
            let state = "\(place.file("dump.rdb")) is now called \(place.file("dump.rdb.before")) (input/output error)"
            #expect(error?.message.contains("not all of it could be taken back: \(state)") == true)
            #expect(error?.hint?.contains("by hand") == true)
            let files = try await listing(place)
            #expect(files == "appendonly.aof dump.rdb.before hidden ")
        }
    }
}
