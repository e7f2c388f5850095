import BackupCatalog
import BackupModel
import BackupTestKit
import Doctor
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("Who holds the lock of runs", .timeLimit(.minutes(5)))
struct LockLookTests {
    private func list(_ holder: String, _ path: String) throws -> String {
        var facts = stat()
        try #require(stat(path, &facts) == 0)
        let (device, hex) = (UInt64(facts.st_dev), { (number: UInt64) in (number < 16 ? "0" : "") + String(number, radix: 16) })
        // As Linux numbers devices that have small numbers.
        let place = "\(hex(device >> 8 & 0xfff)):\(hex(device & 0xff)):\(facts.st_ino)"
        return """
            1: POSIX  ADVISORY  WRITE 11 \(place) 0 EOF
            2: FLOCK  ADVISORY  WRITE 12 00:01:1 0 EOF
            3: FLOCK  ADVISORY  WRITE \(holder) \(place) 0 EOF
            3: -> FLOCK  ADVISORY  WRITE 14 \(place) 0 EOF

            """
    }

    @Test("Is told by the kernel's list, by the file and the kind of lock; who waits holds nothing", arguments: ["4711", "0", "-1"])
    func holder(_ number: String) async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/backup.lock"
            try await Command("touch", [path]).output()
            let list = try list(number, path)
            #expect(LockLook.holder(in: list, of: path) == (number == "4711" ? 4711 : nil))
            #expect(LockLook.holder(in: list, of: "\(folder)/none.lock") == nil)
        }
    }

    @Test("A run of ours is none, and one that is over neither")
    func ours() async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string)
            let context = RunContext(now: { Instant(secondsSinceEpoch: 0) })
            try await lock.withLock(purpose: "db backup", patience: .zero, context: context) {
                #expect(LockLook(lock: lock).stranger() == nil)
            }
            #expect(LockLook(lock: lock).stranger() == nil)
        }
    }

    @Test("A run that ends while it is looked at is none, and neither is one that another has followed", arguments: ["", "4712"])
    func ending(_ next: String) async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string)
            try await Command("touch", [lock.path]).output()
            // Of the highest number, which no process has.
            let lists = Mutex(try [list("4194304", lock.path), next.isEmpty ? "" : list(next, lock.path)])
            let look = LockLook(lock: lock) { lists.withLock { $0.removeFirst() } }
            #expect(look.stranger() == nil)
            let unread = lists.withLock { $0.count }
            #expect(unread == 0)
        }
    }

    /// Some file systems call a file otherwise there than they call it to whoever asks for its facts.
    private func requireListed(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
        defer { close(descriptor) }
        let list = try #require(LockLook(lock: RunLock(folder: path)).list())
        if LockLook.holder(in: list, of: path) != getpid() {
            try Test.cancel("the file system of \(path) does not show whose a lock is")
        }
    }

    @Test("Another program is one, by its name")
    func stranger() async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string)
            try requireListed(lock.path)
            try await expectSleeper(Command("flock", ["-F", lock.path, "sleep", "600"]), lock)
        }
    }

    @Test("So is one that holds on to what a process has locked that began it, or that it began, and that has ended")
    func heir() async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string)
            try requireListed(lock.path)
            try await expectSleeper(Command("bash", ["-c", #"exec 9>"$0"; flock 9; exec sleep 600"#, lock.path]), lock)
        }
    }

    private func expectSleeper(_ holder: Command, _ lock: RunLock) async throws {
        _ = try await holder.outcome { program in
            var found = LockLook(lock: lock).stranger()
            while found?.program != "sleep" { found = LockLook(lock: lock).stranger() }
            #expect(found?.command == nil)
            try program.send(.terminate)
        }
        #expect(LockLook(lock: lock).stranger() == nil)
    }
}
