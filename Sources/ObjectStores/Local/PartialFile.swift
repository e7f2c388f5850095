import BackupModel
import CLinux
import Glibc
import Synchronization

/// A file being written under a name nobody looks at: `.NAME.partial-<pid>-<milliseconds>`.
///
/// Its writer holds an `flock` on it until it is published or discarded; that is how leftovers are told from files in the making.
final class PartialFile: Sendable {
    private let temporary: String
    private let final: String
    private let folder: String
    private let threads: FolderThreads
    /// Nil once closed.
    private let descriptor: Mutex<Int32?>

    private init(descriptor: Int32, temporary: String, final: String, folder: String, threads: FolderThreads) {
        self.descriptor = Mutex(descriptor)
        self.temporary = temporary
        self.final = final
        self.folder = folder
        self.threads = threads
    }

    static func isPartial(_ name: String) -> Bool {
        name.hasPrefix(".") && (name.contains(".partial-") || name.contains(".link-"))
    }

    /// Between `open` and `flock` a cleaner may take the file for a leftover and unlink it, and two writers may pick one name; then the next
    /// millisecond's name is tried.
    static func create(for key: String, in folder: String, _ threads: FolderThreads) throws -> PartialFile {
        let final = folder == "/" ? "/\(key)" : "\(folder)/\(key)"
        while true {
            let temporary = "\(folder)/.\(key).partial-\(getpid())-\(millisecondsSinceEpoch())"
            let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST || errno == EINTR { continue }
            guard descriptor >= 0 else { throw localFailure(errno, "create", final) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK, isLinked(descriptor) {
                return PartialFile(descriptor: descriptor, temporary: temporary, final: final, folder: folder, threads: threads)
            }
            close(descriptor)
        }
    }

    private static func millisecondsSinceEpoch() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// For whoever is on a thread that may wait.
    func writeNow(_ bytes: [UInt8]) throws {
        try descriptor.withLock { descriptor in
            guard let descriptor else { throw BackupError(.storeFailed, "\(final) was written to after it was closed") }
            try writeAll(bytes, to: descriptor)
            beginWriteback(to: descriptor, of: bytes.count)
        }
    }

    private static let stretchBytes: Int64 = 16 << 20
    /// What is behind these is on the disk by then, unless that is slow.
    private static let waitingBytes = 4 * stretchBytes

    /// Sends each stretch to the disk as soon as it is whole: the end of the file would otherwise wait for all of it, after everything else is done.
    private func beginWriteback(to descriptor: Int32, of count: Int) {
        let end = Int64(lseek(descriptor, 0, SEEK_CUR))
        let begun = (end - Int64(count)) / Self.stretchBytes * Self.stretchBytes
        let whole = end / Self.stretchBytes * Self.stretchBytes
        guard end >= 0, whole > begun else { return }
        // Hints, both: `publish` makes the file durable, and is told of what went wrong.
        _ = linux_begin_writeback(descriptor, begun, whole - begun)
        // What is still on its way is asked about once more.
        forget(descriptor, from: whole - 3 * Self.waitingBytes, to: whole - Self.waitingBytes)
    }

    /// Lets go of the memory that the system keeps of what is on the disk: a backup of hundreds of gigabytes would push out what the server and others work
    /// with, and whoever reads it next wants to see what is on the disk.
    private func forget(_ descriptor: Int32, from start: Int64, to end: Int64) {
        guard end > 0 else { return }
        // Advice: nothing depends on whether it is taken.
        _ = posix_fadvise(descriptor, off_t(max(0, start)), off_t(end - max(0, start)), POSIX_FADV_DONTNEED)
    }

    /// Makes the file durable and visible, in that order.
    /// - Parameter ways: by which it may take its name, the best first.
    /// - Throws: `.targetExists` when the name is taken, unless what is there is to be replaced.
    func publish(replacing: Bool, ways: [NameTaking] = NameTaking.allCases) throws {
        try descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            try posix("sync", final) { fsync(open) }
            let end = Int64(lseek(open, 0, SEEK_CUR))
            if end > Self.waitingBytes { forget(open, from: 0, to: end) }
            if replacing { try moveOver() } else { try takeName(ways) }
            do {
                try syncFolder(folder)
            } catch {
                if !replacing { unlink(final) }
                throw error
            }
            close(open)
            descriptor = nil
        }
    }

    private func moveOver() throws { try posix("rename", final) { rename(temporary, final) } }

    private func takeName(_ ways: [NameTaking]) throws {
        for way in ways {
            if try way.take(final, for: temporary) { return }
        }
        throw localFailure(ENOTSUP, "name", final)
    }

    /// Gives the file, which is still empty, the contents of another one by sharing its blocks.
    /// - Returns: false where that cannot be done, for whatever reason: whoever copies the bytes instead is told what is wrong.
    func share(_ source: LocalFile) -> Bool {
        descriptor.withLock { descriptor in
            guard let descriptor else { return false }
            return source.shareBlocks(with: descriptor)
        }
    }

    /// Has a range of another file, of whole blocks, for what follows in this one.
    /// - Returns: false where that cannot be done, for whatever reason: whoever writes the bytes instead is told what is wrong. Nothing is changed then.
    func shareNow(_ source: LocalFile, at offset: Int64, count: Int) -> Bool {
        descriptor.withLock { descriptor in
            guard let descriptor else { return false }
            let place = Int64(lseek(descriptor, 0, SEEK_CUR))
            guard place >= 0, source.shareBlocks(at: offset, count: count, with: descriptor, to: place) else { return false }
            return lseek(descriptor, off_t(place) + off_t(count), SEEK_SET) >= 0
        }
    }

    /// Whether `shareNow` can succeed at all.
    func mayShareNow(_ source: LocalFile) -> Bool {
        descriptor.withLock { $0.map(source.mayShareBlocks) ?? false }
    }

    /// What was written so far, to read it.
    func reopened() async throws -> LocalFile { try await LocalFile.open(temporary, threads) }

    /// Removes what was written; nothing to do once published.
    func discard() {
        descriptor.withLock { descriptor in
            guard let open = descriptor else { return }
            unlink(temporary)
            close(open)
            descriptor = nil
        }
    }

    private func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(buffer)
            while let start = rest.baseAddress, !rest.isEmpty {
                let written = Glibc.write(descriptor, start, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written >= 0 else { throw localFailure(errno, "write", final) }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }
}
