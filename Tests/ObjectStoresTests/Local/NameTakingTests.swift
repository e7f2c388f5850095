import BackupModel
import BackupTestKit
import Glibc
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("A whole file that takes its name")
struct NameTakingTests {
    @Test("It has its name alone afterwards, in each of the ways", arguments: NameTaking.allCases)
    func takes(way: NameTaking) async throws {
        try await withTemporaryFolder { folder in
            try written("rows", in: folder).publish(replacing: false, ways: [way])
            #expect(try await LocalStore(root: folder.string).read("a") == Array("rows".utf8))
            #expect(try await Command("ls", ["-A", folder.string]).output() == "a\n")
            #expect(try await Command("stat", ["-c", "%a %h", "\(folder)/a"]).output() == "600 1\n")
        }
    }

    @Test("A rival who was faster keeps the name, whatever he has under it", arguments: NameTaking.allCases)
    func rival(way: NameTaking) async throws {
        for rival in ["printf rival >a", "touch a", "mkdir a", "ln -s nowhere a"] {
            try await withTemporaryFolder { folder in
                let file = try written("rows", in: folder)
                try await Command("bash", ["-c", "cd \"$0\" && \(rival)", folder.string]).output()
                let before = try await Command("ls", ["-l", folder.string]).output()
                let error = try #require(throws: BackupError.self) { try file.publish(replacing: false, ways: [way]) }
                #expect(error.code == .targetExists, "\(error)")
                file.discard()
                #expect(try await Command("ls", ["-Al", folder.string]).output() == before)
            }
        }
    }

    @Test("Of many at the same moment one gets it, and the others are told so", arguments: NameTaking.allCases)
    func rivals(way: NameTaking) async throws {
        try await withTemporaryFolder { folder in
            let store = LocalStore(root: folder.string)
            for round in 0..<20 {
                let key = "round-\(round)"
                // As many as a folder has threads at least.
                let files = try (0..<4).map { (number: $0, file: try written("\($0)", as: key, in: folder)) }
                let meeting = Meeting(of: files.count)
                let winners = try await withThrowingTaskGroup(of: Int?.self) { group in
                    for (number, file) in files {
                        group.addTask { try await store.blocking { try Self.race(file, way, meeting) ? number : nil } }
                    }
                    return try await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
                }
                #expect(winners.count == 1)
                #expect(try await store.read(key) == Array("\(winners.first ?? -1)".utf8))
            }
            #expect(try await Command("ls", ["-A", folder.string]).output().split(separator: "\n").count == 20)
        }
    }

    @Test("What a file system lacks is known by what the calls answer; a full or closed folder is another matter")
    func missingWays() {
        #expect([EPERM, ENOTSUP, ENOSYS, EMLINK, ENOSPC].allSatisfy(NameTaking.meansNoSecondName))
        #expect([EINVAL, ENOSYS, ENOTSUP, EPERM].allSatisfy(NameTaking.meansNoExclusiveRename))
        #expect(![EACCES, EEXIST, EROFS, EIO, ENOENT].contains(where: NameTaking.meansNoSecondName))
        #expect(![EACCES, EEXIST, EROFS, EIO, ENOENT, ENOSPC].contains(where: NameTaking.meansNoExclusiveRename))
    }

    private func written(_ text: String, as key: String = "a", in folder: FilePath) throws -> PartialFile {
        let file = try PartialFile.create(for: key, in: folder.string, FolderThreads.of(folder.string))
        try file.writeNow(Array(text.utf8))
        return file
    }

    private static func race(_ file: PartialFile, _ way: NameTaking, _ meeting: Meeting) throws -> Bool {
        meeting.wait()
        do {
            try file.publish(replacing: false, ways: [way])
            return true
        } catch let error as BackupError where error.code == .targetExists {
            file.discard()
            return false
        }
    }
}
