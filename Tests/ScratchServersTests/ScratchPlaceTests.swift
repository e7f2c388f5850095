import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ScratchServers

@Suite("Where scratch servers may run")
struct ScratchPlaceTests {
    @Test("never as root, nor as somebody who is not there", .enabled(if: geteuid() == 0), arguments: ["root", "nobody-of-that-name"])
    func account(name: String) async throws {
        try await withSleepers { sleepers in
            var place = sleepers.place
            place.user = name
            let error = await refusal(place)
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(name) == true)
        }
    }

    @Test("not in a folder where others may rename what is ours")
    func openFolder() async throws {
        try await withSleepers { sleepers in
            try await Command("chmod", ["777", sleepers.folder.string]).output()
            let error = await refusal(sleepers.place)
            #expect(error?.hint?.hasPrefix("chmod go-w ") == true)
            try await Command("chmod", ["1777", sleepers.folder.string]).output()
            try await withScratchServer(in: sleepers.place, { _ in Sleepers.program }) { #expect($0.isAlive) }
        }
    }

    @Test("not in a folder that the server's account cannot get into", .enabled(if: geteuid() == 0))
    func closedFolder() async throws {
        try await withSleepers { sleepers in
            try await Command("chmod", ["700", sleepers.folder.string]).output()
            let error = await refusal(sleepers.place)
            #expect(error?.message.contains("nobody, which runs scratch servers, cannot get into") == true)
            let left = try await sleepers.entries()
            #expect(left.isEmpty)
        }
    }

    @Test("not in a folder that is missing or named by a relative path", arguments: ["/nonexistent/folder", "scratch"])
    func missing(folder: String) async throws {
        let error = await refusal(ScratchPlace(folder: folder))
        #expect(error?.message == "there is no folder \(folder) for scratch servers")
    }

    @Test("is looked up by many at once without one getting another's account", .enabled(if: geteuid() == 0))
    func manyLookups() async {
        await withDiscardingTaskGroup { group in
            for number in 0..<2000 {
                group.addTask {
                    if number.isMultiple(of: 2) {
                        #expect(throws: BackupError.self) { try ScratchAccount.choose("root") }
                    } else {
                        #expect((try? ScratchAccount.choose("nobody"))?.name == "nobody")
                    }
                }
            }
        }
    }

    private func refusal(_ place: ScratchPlace) async -> BackupError? {
        await #expect(throws: BackupError.self) {
            try await withScratchServer(in: place, { _ in Sleepers.program }) { _ in Issue.record("it runs") }
        }
    }
}
