import BackupModel
import BackupTestKit
import CLinux
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("Where a file lies on the disk")
struct ExtentMapTests {
    private static let shared: UInt32 = 0x2000

    private func extent(_ offset: UInt64, at place: UInt64, _ length: UInt64, flags: UInt32 = ExtentMapTests.shared) -> linux_extent {
        var extent = linux_extent()
        (extent.offset, extent.place, extent.length, extent.flags) = (offset, place, length, flags)
        return extent
    }

    @Test("Shared stretches are told as far as the file reaches, those of the file alone are not")
    func stretches() {
        var map = ExtentMap(byteCount: 10_000)
        map.take([
            extent(0, at: 1 << 20, 4096), extent(4096, at: 1 << 30, 4096, flags: 0),
            extent(8192, at: 1 << 40, 4096, flags: Self.shared | 1),
        ])
        #expect(map.shared == [SharedStretch(place: 1 << 20, bytes: 4096), SharedStretch(place: 1 << 40, bytes: 10_000 - 8192)])
        #expect(map.next == nil)
    }

    @Test("What does not lie anywhere yet, or beyond the file's end, shares nothing")
    func nowhere() {
        var map = ExtentMap(byteCount: 4096)
        map.take([
            extent(0, at: 0, 4096, flags: Self.shared | 2), extent(0, at: 0, 4096, flags: Self.shared | 4), extent(4096, at: 0, 4096),
            extent(.max, at: 0, 4096), extent(0, at: .max, 4096), extent(0, at: 0, .max),
        ])
        #expect(map.shared == [])
    }

    @Test("Answers are asked for until the last extent has come, and never twice from the same place")
    func questions() {
        var map = ExtentMap(byteCount: 1 << 30)
        #expect(map.next == 0)
        map.take([extent(0, at: 0, 4096)])
        #expect(map.next == 4096)
        map.take([extent(4096, at: 9000, 4096)])
        #expect(map.next == 8192 && map.shared.count == 2)
        map.take([extent(0, at: 0, 4096)])
        #expect(map.next == nil)
        var none = ExtentMap(byteCount: 1)
        none.take([])
        #expect(none.next == nil && none.shared == [])
    }

    @Test(
        "A file whose blocks another has is shared whole, in pieces too, and one of its own is not", arguments: ReflinkFilesystem.allCases)
    func reflinks(kind: ReflinkFilesystem) async throws {
        try await ReflinkFilesystem.with(kind) { place in
            let store = LocalStore(root: place.string)
            let bytes = (0..<1_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 9) }
            try await store.put("a", bytes: bytes)
            try await store.put("own", bytes: bytes)
            #expect(try await store.share(try await store.open("a"), as: "b") { _ in })
            // More extents than one answer holds.
            let file = place.appending("b").string
            try await Command(
                "bash",
                ["-c", "for n in {0..119}; do printf x | dd of=\"$0\" bs=1 seek=$((n * 8192)) conv=notrunc status=none; done", file]
            ).output()
            try await Command("sync", ["-f", place.string]).output()
            let ofA = try await store.sharedStretches(of: "a")
            let ofB = try await store.sharedStretches(of: "b")
            // Every other block was written anew.
            let sharedBytes = ofB.reduce(Int64(0)) { $0 + $1.bytes }
            #expect(sharedBytes == 1_000_001 - 120 * 4096)
            #expect(ofB.count > 64)
            #expect(ofA.contains { part in ofB.contains { $0.place >= part.place && $0.place < part.place + part.bytes } })
            #expect(try await store.sharedStretches(of: "own") == [])
        }
    }

    @Test("A file system that does not say shares nothing, and a file that is not there is an error")
    func silent() async throws {
        try await SmallFilesystem.with(mebibytes: 4) { place in
            let store = LocalStore(root: place.string)
            try await store.put("a", bytes: [1, 2, 3])
            #expect(try await store.sharedStretches(of: "a") == [])
            let error = await #expect(throws: BackupError.self) { _ = try await store.sharedStretches(of: "b") }
            #expect(error?.code == .artifactMissing)
        }
    }
}
