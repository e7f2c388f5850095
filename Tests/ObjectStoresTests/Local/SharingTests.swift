import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Copies from folder to folder")
struct SharingTests {
    private static let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }

    @Test("They share their blocks with what they are made of, where the file system lets files do that")
    func shared() async throws {
        try await ReflinkFilesystem.with { place in
            let (source, target) = try await stores(in: place)
            let isShared = try await target.share(try await source.open("a"), as: "b") { copy in
                let part = try await copy.read(at: 5000, count: 100)
                #expect(part == Array(Self.bytes[5000..<5100]))
            }
            #expect(isShared)
            #expect(try await target.read("b") == Self.bytes)
            #expect(try await Command("stat", ["-c", "%a %h", "\(place)/target/b"]).output() == "600 1\n")
            #expect(try await Command("ls", ["-A", "\(place)/target"]).output() == "b\n")
            let extents = try await Command("filefrag", ["-v", "\(place)/target/b"]).output().split(separator: "\n")
                .filter { $0.contains("..") }
            #expect(!extents.isEmpty && extents.allSatisfy { $0.contains("shared") }, "\(extents)")
        }
    }

    @Test("They stay what they are when the file they were made of is changed or deleted")
    func independent() async throws {
        try await ReflinkFilesystem.with { place in
            let (source, target) = try await stores(in: place)
            #expect(try await target.share(try await source.open("a"), as: "b") { _ in })
            try await Command("bash", ["-c", "printf x | dd of=\"$0\" bs=1 seek=5000 conv=notrunc status=none", "\(place)/source/a"])
                .output()
            #expect(try await target.read("b") == Self.bytes)
            try await source.delete("a")
            #expect(try await target.read("b") == Self.bytes)
        }
    }

    @Test("What is not approved of, or has a taken name, leaves nothing")
    func refused() async throws {
        try await ReflinkFilesystem.with { place in
            let (source, target) = try await stores(in: place)
            let file = try await source.open("a")
            await #expect(throws: Interruption.self) { _ = try await target.share(file, as: "b") { _ in throw Interruption() } }
            #expect(try await Command("ls", ["-A", "\(place)/target"]).output() == "")
            try await target.put("b", bytes: [1])
            let error = await #expect(throws: BackupError.self) { _ = try await target.share(file, as: "b") { _ in } }
            #expect(error?.code == .targetExists)
            #expect(try await target.read("b") == [1])
            #expect(try await Command("ls", ["-A", "\(place)/target"]).output() == "b\n")
        }
    }

    @Test("Between file systems, and for what lies in no folder, nothing can be shared and nothing happens")
    func unshared() async throws {
        try await SmallFilesystem.with(mebibytes: 4) { place in
            try await withTemporaryFolder { other in
                let (source, target) = (LocalStore(root: other.string), LocalStore(root: place.string))
                try await source.put("a", bytes: [1, 2, 3])
                for file in [try await source.open("a"), SomeBytes()] {
                    let isShared = try await target.share(file, as: "b") { _ in Issue.record("nothing was stored to be approved of") }
                    #expect(!isShared)
                }
                #expect(try await Command("ls", ["-A", place.string]).output() == "")
            }
        }
    }

    private func stores(in place: FilePath) async throws -> (source: LocalStore, target: LocalStore) {
        let (source, target) = (LocalStore(root: "\(place)/source"), LocalStore(root: "\(place)/target"))
        try await source.put("a", bytes: Self.bytes)
        try await target.make()
        return (source, target)
    }
}

/// Bytes that lie in no folder.
private struct SomeBytes: RandomAccessBytes {
    let byteCount: Int64 = 1
    func read(at offset: Int64, count: Int) async throws -> [UInt8] { [1] }
}
