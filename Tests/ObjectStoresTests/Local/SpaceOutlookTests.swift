import BackupModel
import Synchronization
import Testing

@testable import ObjectStores

@Suite("What a backup still needs, held against the room there is")
struct SpaceOutlookTests {
    /// Of 1,000 bytes and 100 inodes.
    private static func space(used: Int64, inodes: Int64 = 0) -> LocalStore.Space {
        LocalStore.Space(freeBytes: 1000 - used, totalBytes: 1000, usedBytes: used, freeInodes: 100 - inodes, totalInodes: 100)
    }

    @Test(
        "The disk as it is comes first, then its inodes, then the rest of the backup",
        arguments: [
            (Self.space(used: 500), 300, nil),
            (Self.space(used: 500), 301, "has too little room left for the rest of a backup: 50 % full with 500 B free"),
            (Self.space(used: 801), 0, "became 81 % full while"),
            (Self.space(used: 801, inodes: 90), 500, "became 81 % full while"),
            (Self.space(used: 10, inodes: 90), 990, "became 90 % full of inodes while"),
        ] as [(LocalStore.Space, Int64, String?)])
    func trouble(space: LocalStore.Space, remaining: Int64, words: String?) {
        let trouble = SpaceTrouble(space, limit: 80, remaining: remaining)
        #expect((trouble == nil) == (words == nil))
        if let words { #expect(trouble?.what.contains(words) == true, "\(trouble?.what ?? "")") }
    }

    @Test("What was written is not expected any more, and nothing is once the run has ended")
    func remaining() {
        let outlook = SpaceOutlook()
        #expect(outlook.remaining == 0)
        outlook.expect(100) { "" }
        outlook.note(60)
        #expect(outlook.remaining == 40)
        outlook.note(60)
        #expect(outlook.remaining == 0)
        outlook.expect(100) { "" }
        outlook.end()
        #expect(outlook.remaining == 0)
    }

    @Test("Advice that cannot be had is said to be missing")
    func missingAdvice() async throws {
        let outlook = SpaceOutlook()
        #expect(try await outlook.advice() == "")
        outlook.expect(100) { throw BackupError(.storeFailed, "the folder cannot be read") }
        #expect(try await outlook.advice().hasPrefix("What could be removed is not known: the folder cannot be read"))
    }

    @Test("A run that is called off while it looks for advice was called off, and has not failed for want of room")
    func calledOff() async throws {
        let outlook = SpaceOutlook()
        outlook.expect(600) { throw CancellationError() }
        let watch = try await SpaceWatch(CountingSink(), root: "/backups", limit: 80, outlook: outlook) { Self.space(used: 900) }
        await #expect(throws: CancellationError.self) { try await watch.write([UInt8](repeating: 7, count: 100)) }
    }

    /// The scripted disk is not changed by what is written: only the expectation is.
    @Test("A file goes on as long as its rest fits, and ends when others take the room")
    func watch() async throws {
        let (outlook, end, taken) = (SpaceOutlook(), CountingSink(), TakenBytes(100))
        outlook.expect(600) { "" }
        let watch = try await SpaceWatch(end, root: "/backups", limit: 80, outlook: outlook) { Self.space(used: taken.now) }
        for _ in 0..<3 { try await watch.write([UInt8](repeating: 7, count: 100)) }
        #expect(outlook.remaining == 300)
        taken.become(501)
        let error = await #expect(throws: BackupError.self) { try await watch.write([UInt8](repeating: 7, count: 100)) }
        #expect(error?.code == .outOfSpace)
        #expect(error?.message.hasPrefix("the disk of /backups has too little room left") == true)
        #expect(end.count == 300)
    }
}

private final class CountingSink: ByteSink {
    private let taken = Mutex(0)

    var count: Int { taken.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws { taken.withLock { $0 += bytes.count } }
}

/// How much of a scripted disk is used.
private final class TakenBytes: Sendable {
    private let bytes: Mutex<Int64>

    init(_ bytes: Int64) { self.bytes = Mutex(bytes) }

    var now: Int64 { bytes.withLock { $0 } }

    func become(_ more: Int64) { bytes.withLock { $0 = more } }
}
