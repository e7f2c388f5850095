import BackupModel
import BackupTestKit
import ObjectStores
import SystemPackage
import Testing

@Suite("A local store that must not fill its disk")
struct SpaceWatchTests {
    private func write(_ mebibytes: Int, to sink: any ByteSink) async throws {
        for _ in 0..<mebibytes * 16 { try await sink.write([UInt8](repeating: 7, count: 1 << 16)) }
    }

    @Test("It gives up before the disk is full and leaves nothing behind; what fits is stored")
    func limit() async throws {
        try await SmallFilesystem.with(mebibytes: 8) { disk in
            let store = LocalStore(root: disk.string, fullAt: 60)
            let error = await #expect(throws: BackupError.self) { try await store.put("large") { try await write(7, to: $0) } }
            #expect(error?.code == .outOfSpace)
            #expect(error?.message.hasSuffix("% full while a backup was written, 60 % are allowed") == true)
            #expect(try await Command("ls", ["-A", disk.string]).output() == "")
            try await store.put("fits") { try await write(4, to: $0) }
            #expect(try await store.list().map(\.bytes) == [4 << 20])
        }
    }

    @Test("It notices what others write, and stores a manifest all the same")
    func others() async throws {
        try await SmallFilesystem.with(mebibytes: 8) { disk in
            let store = LocalStore(root: disk.string, fullAt: 60)
            let error = await #expect(throws: BackupError.self) {
                try await store.put("dump") { sink in
                    try await write(2, to: sink)
                    try await LocalStore(root: disk.string).put("other") { try await write(3, to: $0) }
                    try await write(2, to: sink)
                }
            }
            #expect(error?.code == .outOfSpace)
            try await LocalStore(root: disk.string).put("more") { try await write(3, to: $0) }
            try await store.put("manifest", bytes: [1, 2, 3])
            #expect(try await store.list().map(\.key) == ["manifest", "more", "other"])
        }
    }

    @Test("It gives up what is not going to fit, and says what could go; when nothing is expected any more, what fits is stored")
    func expectation() async throws {
        try await SmallFilesystem.with(mebibytes: 8) { disk in
            let store = LocalStore(root: disk.string, fullAt: 60)
            store.outlook.expect(6 << 20) { "Let old ones go. " }
            let error = await #expect(throws: BackupError.self) { try await store.put("dump") { try await write(1, to: $0) } }
            #expect(error?.code == .outOfSpace)
            #expect(error?.message.contains("has too little room left for the rest of a backup") == true)
            #expect(error?.hint?.hasPrefix("Let old ones go. See what fills it (`df -h \(disk)`") == true)
            #expect(try await store.list().isEmpty)
            store.outlook.end()
            try await store.put("fits") { try await write(4, to: $0) }
            #expect(try await store.list().map(\.key) == ["fits"])
        }
    }

    @Test("It gives up before the inodes are used up by others, too")
    func inodes() async throws {
        try await SmallFilesystem.with(mebibytes: 8) { disk in
            try await Command("mount", ["-o", "remount,nr_inodes=200", disk.string]).output()
            let store = LocalStore(root: disk.string, fullAt: 30)
            let error = await #expect(throws: BackupError.self) {
                try await store.put("dump") { sink in
                    try await write(1, to: sink)
                    try await Command("bash", ["-c", #"touch "$0"/stranger-{1..80}"#, disk.string]).output()
                    try await write(1, to: sink)
                }
            }
            #expect(error?.code == .outOfSpace)
            #expect(error?.message.hasSuffix("% full of inodes while a backup was written, 30 % are allowed") == true)
            #expect(error?.hint?.contains("`df -i \(disk)`") == true)
            let left = try await Command("ls", ["-A", disk.string]).output().split(separator: "\n")
            #expect(left.count == 80 && left.allSatisfy { $0.hasPrefix("stranger-") })
        }
    }
}
