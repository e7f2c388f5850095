package import BackupModel
import FoundationEssentials
import Glibc

/// Keeps a second run away while one is at work: an `flock` on a file in the state folder, which the kernel drops with its holder, so
/// a crash leaves nothing to clean. The file says who holds it; it is never deleted, as deleting would let two runs hold two files.
package struct RunLock: Sendable {
    package let path: String

    /// `folder` is made when it is missing.
    package init(folder: String, name: String = "backup") {
        path = "\(folder)/\(name).lock"
    }

    /// Runs `body` under the lock, waiting up to `patience` for another holder; then throws `.lockHeld` naming it.
    package func withLock<Result: Sendable>(
        purpose: String, patience: Duration, context: RunContext, _ body: () async throws -> Result
    ) async throws -> Result {
        let descriptor = try await acquire(patience: patience, clock: context.clock)
        defer { release(descriptor) }
        describe(Holder(pid: getpid(), purpose: purpose, since: context.now(), run: context.run), in: descriptor)
        return try await body()
    }

    /// What the last holder has said of itself; nil once it has let go. One that was killed stands there until the next one comes.
    package func lastHolder() -> Holder? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return holder(in: descriptor)
    }

    private func acquire(patience: Duration, clock: any Clock<Duration>) async throws -> Int32 {
        let descriptor = try openFile()
        do {
            var waited = Duration.zero
            while try !tryLock(descriptor) {
                guard waited < patience else { throw held(by: holder(in: descriptor), waited: waited) }
                let pause = min(Duration.milliseconds(250), patience - waited)
                try await clock.sleep(for: pause)
                waited += pause
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Unlocked first: a program started at this moment may hold a copy of the descriptor until it has been replaced by what it is to run.
    private func release(_ descriptor: Int32) {
        ftruncate(descriptor, 0)
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private func tryLock(_ descriptor: Int32) throws -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
        if errno == EWOULDBLOCK || errno == EINTR { return false }
        throw failure("lock")
    }

    private func openFile() throws -> Int32 {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        let obstacle = StateFolder.make(folder)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // What keeps the folder from being made is the reason.
            throw failure("open", errno == ENOENT ? obstacle ?? ENOENT : errno)
        }
        return descriptor
    }

    private func failure(_ verb: String, _ number: Int32 = errno) -> BackupError {
        StateFailure.of(verb, "the lock file \(path)", number)
    }
}

extension RunLock {
    package struct Holder: Sendable, Equatable, Codable {
        package var pid: Int32
        /// The run's verb, such as `db backup`.
        package var purpose: String
        package var since: Instant
        /// The id of its record and log; nil for one that is not recorded.
        package var run: String?
    }

    /// A courtesy to who waits; the kernel holds the lock also on a full disk, where there is no room for the words.
    private func describe(_ holder: Holder, in descriptor: Int32) {
        guard let text = try? JSONEncoder().encode(holder), ftruncate(descriptor, 0) == 0 else { return }
        let bytes = Array(text) + Array("\n".utf8)
        _ = pwrite(descriptor, bytes, bytes.count, 0)
    }

    private func holder(in descriptor: Int32) -> Holder? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
            count = buffer.baseAddress.map { max(0, pread(descriptor, $0, 4096, 0)) } ?? 0
        }
        return try? JSONDecoder().decode(Holder.self, from: Data(bytes))
    }

    private func held(by holder: Holder?, waited: Duration) -> BackupError {
        let who = holder.map { "\($0.purpose), process \($0.pid), since \($0.since.display)" } ?? "a process that has not said who it is"
        let patience = waited > .zero ? " after waiting \(waited.briefly)" : ""
        return BackupError(
            .lockHeld, "another run holds the lock \(path)\(patience): \(who)",
            hint: "Let it finish, or wait for it with BACKUP_RUN_LOCK_TIMEOUT"
                + (holder == nil ? "; `call-center-admin doctor` says who it is." : ".")
        )
    }
}
