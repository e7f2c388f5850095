import BackupCatalog
import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@Suite("Run lock")
struct RunLockTests {
    private let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_034_400) })

    @Test("A second run is told who holds the lock, since when, and what to do")
    func held() async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string + "/state")
            try await lock.withLock(purpose: "db backup", patience: .zero, context: context) {
                let error = try await #require(throws: BackupError.self) {
                    try await lock.withLock(purpose: "db backup", patience: .zero, context: context) {}
                }
                #expect(error.code == .lockHeld)
                #expect(error.message.contains(": db backup, process "))
                #expect(error.message.hasSuffix(", since 2026-02-14 02:00:00Z"))
                #expect(error.hint?.contains("BACKUP_RUN_LOCK_TIMEOUT") == true)
            }
        }
    }

    @Test("It is free again after the run, whichever way that ended")
    func released() async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string)
            await #expect(throws: BackupError.self) {
                try await lock.withLock(purpose: "first", patience: .zero, context: context) { throw BackupError(.failed, "broken") }
            }
            // Another test may be starting a program just now: until that has become itself, it shares the first run's descriptor.
            let answer = try await lock.withLock(purpose: "second", patience: .seconds(30), context: context) { 42 }
            #expect(answer == 42)
        }
    }

    @Test("Another process is kept out while it is held, and let in after")
    func otherProcess() async throws {
        try await withTemporaryFolder { folder in
            let lock = folder.string + "/backup.lock"
            try await RunLock(folder: folder.string).withLock(purpose: "db backup", patience: .zero, context: context) {
                let refused = try await Command("flock", ["--nonblock", lock, "true"]).outcome()
                #expect(refused.status == 1)
            }
            #expect(try await Command("flock", ["--timeout", "30", lock, "true"]).outcome().status == 0)
        }
    }

    @Test("A holder that was killed holds nothing")
    func crashed() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.string + "/backup.lock"
            let script = "exec 9>\"$1\"; flock 9; echo '{\"pid\":1}' >&9; kill -9 $$"
            #expect(try await Command("bash", ["-c", script, "bash", path]).outcome().status == 137)
            let answer = try await RunLock(folder: folder.string).withLock(purpose: "next", patience: .zero, context: context) { 42 }
            #expect(answer == 42)
        }
    }

    @Test("A waiting run gets the lock when the first one ends")
    func patience() async throws {
        try await withTemporaryFolder { folder in
            let lock = RunLock(folder: folder.string)
            let (begun, signal) = AsyncStream.makeStream(of: Void.self)
            async let first: Void = lock.withLock(purpose: "first", patience: .zero, context: context) { signal.finish() }
            for await _ in begun {}
            // Another test may be starting a program just now: until that has become itself, it shares the first run's descriptor.
            let answer = try await lock.withLock(purpose: "second", patience: .seconds(60), context: context) { 42 }
            try await first
            #expect(answer == 42)
        }
    }

    @Test("A state folder that cannot be made is named")
    func unusable() async throws {
        let error = try await #require(throws: BackupError.self) {
            try await RunLock(folder: "/proc/nowhere").withLock(purpose: "db backup", patience: .zero, context: context) {}
        }
        #expect(error.code == .storeFailed)
        #expect(error.message.contains("/proc/nowhere/backup.lock"))
        #expect(error.hint?.contains("BACKUP_STATE_DIR") == true)
    }
}
