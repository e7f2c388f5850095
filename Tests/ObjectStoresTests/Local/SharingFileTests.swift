import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

/// On a file system whose files can share blocks a file takes only the room of what stands in no earlier one; it holds what was written in any case.
@Suite("Files that share blocks with earlier ones")
struct SharingFileTests {
    private static let bytes = (0..<4).flatMap(StoreContract.mebibyte)
    private static let key = "call_center-20260214T020000Z.sql.gz"

    private func withFirst(_ kind: ReflinkFilesystem, _ body: (FilePath, LocalStore) async throws -> Void) async throws {
        try await ReflinkFilesystem.with(kind) { place in
            let store = LocalStore(root: "\(place)/backups")
            try await store.put(Self.key, bytes: Self.bytes)
            try await body(place, store)
        }
    }

    /// Writes what comes before unasked, and the rest in pieces of an odd size, as it may stand in the first file from `offset` on.
    private func put(
        _ bytes: [UInt8], as key: String = "second", at offset: Int64, after head: [UInt8] = [], in store: LocalStore
    ) async throws {
        try await store.put(key) { file in
            try await file.write(head)
            for start in stride(from: 0, to: bytes.count, by: 300_001) {
                let piece = Array(bytes[start..<min(start + 300_001, bytes.count)])
                try await file.write(piece, like: Precedent(key: Self.key, offset: offset + Int64(start)))
            }
            try await file.write([1, 2, 3])
        }
        #expect(try await store.read(key) == head + bytes + [1, 2, 3])
    }

    /// How much more is used after `body`.
    private func growth(of place: FilePath, _ body: () async throws -> Void) async throws -> Int64 {
        let before = try await ReflinkFilesystem.usedBytes(of: place)
        try await body()
        return try await ReflinkFilesystem.usedBytes(of: place) - before
    }

    @Test("What is the same takes no room, and stays when the earlier file is changed or deleted", arguments: ReflinkFilesystem.allCases)
    func same(kind: ReflinkFilesystem) async throws {
        try await withFirst(kind) { place, store in
            let head = Array(StoreContract.mebibyte(50).prefix(8192))
            let grown = try await growth(of: place) { try await put(Self.bytes, at: 0, after: head, in: store) }
            #expect(grown < 1 << 20)
            let script = "printf x | dd of=\"$0\" bs=1 seek=5000 conv=notrunc status=none"
            try await Command("bash", ["-c", script, "\(store.root)/\(Self.key)"]).output()
            #expect(try await store.read("second") == head + Self.bytes + [1, 2, 3])
            try await store.delete(Self.key)
            #expect(try await store.read("second") == head + Self.bytes + [1, 2, 3])
            #expect(try await Command("stat", ["-c", "%a %h", "\(store.root)/second"]).output() == "600 1\n")
        }
    }

    @Test("A part of the earlier file serves for the blocks it has in common", arguments: ReflinkFilesystem.allCases)
    func partly(kind: ReflinkFilesystem) async throws {
        try await withFirst(kind) { place, store in
            // The head ends in the middle of a block, as what stands there did in the first file.
            let head = Array(StoreContract.mebibyte(51).prefix(100))
            let grown = try await growth(of: place) {
                var changed = Array(Self.bytes[4196...])
                changed[2_000_000] ^= 1
                try await put(changed, at: 4196, after: head, in: store)
            }
            #expect(grown < 1 << 20)
        }
    }

    @Test("What lies otherwise in its blocks is written, and so is what was damaged", arguments: ReflinkFilesystem.allCases)
    func written(kind: ReflinkFilesystem) async throws {
        try await withFirst(kind) { place, store in
            let grown = try await growth(of: place) { try await put(Self.bytes, at: 0, after: [9], in: store) }
            #expect(grown > 3 << 20)
            try await Command(
                "dd", ["if=/dev/urandom", "of=\(store.root)/\(Self.key)", "bs=1M", "count=4", "conv=notrunc", "status=none"]
            ).output()
            let grownAgain = try await growth(of: place) { try await put(Self.bytes, as: "third", at: 0, in: store) }
            #expect(grownAgain > 3 << 20)
        }
    }

    @Test("A block that has rotted on the disk is not handed on, although memory still has what it held")
    func rotten() async throws {
        try await withFirst(.xfs) { place, store in
            try await Command("sync", ["-f", place.string]).output()
            let script = """
                sector=$(xfs_bmap "$0" | sed -n 's/.*: \\[0\\.\\.[0-9]*\\]: \\([0-9]*\\)\\.\\..*/\\1/p')
                printf x | dd of="$1" bs=1 seek=$((sector * 512 + 5000)) conv=notrunc,fsync status=none
                """
            let image = place.removingLastComponent().appending("image").string
            try await Command("bash", ["-euc", script, "\(store.root)/\(Self.key)", image]).output()
            let cached = try await store.read(Self.key)
            #expect(cached == Self.bytes)
            try await put(Self.bytes, at: 0, in: store)
            let onDisk = try await store.read(Self.key)
            #expect(onDisk != Self.bytes)
        }
    }

    @Test("Whether a file system shares blocks is known before anything is written", arguments: ReflinkFilesystem.allCases)
    func possible(kind: ReflinkFilesystem) async throws {
        try await withFirst(kind) { place, store in
            let earlier = try await LocalFile.open("\(store.root)/\(Self.key)")
            let stranger = try await LocalFile.open("/proc/self/status")
            let target = try FileDescriptor.open(place.appending("target"), .writeOnly, options: .create, permissions: .ownerReadWrite)
            try target.closeAfter {
                #expect(earlier.mayShareBlocks(with: target.rawValue))
                #expect(!stranger.mayShareBlocks(with: target.rawValue))
            }
            #expect(try await Command("stat", ["-c", "%s", "\(place)/target"]).output() == "0\n")
        }
    }

    @Test("A file that is not finished leaves nothing")
    func unfinished() async throws {
        try await withFirst(.btrfs) { _, store in
            await #expect(throws: Interruption.self) {
                try await store.put("second") { file in
                    try await file.write(Self.bytes, like: Precedent(key: Self.key, offset: 0))
                    throw Interruption()
                }
            }
            let names = try await Command("ls", ["-A", store.root]).output()
            #expect(names == "\(Self.key)\n")
            let bytes = try await store.read(Self.key)
            #expect(bytes == Self.bytes)
        }
    }

    @Test("Bytes that are never what was expected are soon not looked for any more")
    func expectation() {
        var expectation = Expectation(patience: 2)
        for isMet in [false, false, true, false] { expectation.note(isMet: isMet) }
        #expect(expectation.pays)
        expectation.note(isMet: false)
        #expect(!expectation.pays)
        for _ in 0..<5 { expectation.note(isMet: true) }
        #expect(expectation.pays)
    }
}
