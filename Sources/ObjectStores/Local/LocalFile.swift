import BackupModel
import CLinux
import Glibc

/// A file open for reading at any place; closed when the last reference goes.
package final class LocalFile: RandomAccessBytes {
    package let path: String
    package let byteCount: Int64
    private let descriptor: Int32
    private let threads: FolderThreads

    private init(path: String, byteCount: Int64, descriptor: Int32, threads: FolderThreads) {
        self.path = path
        self.byteCount = byteCount
        self.descriptor = descriptor
        self.threads = threads
    }

    deinit { close(descriptor) }

    /// Follows symlinks. Throws `.artifactMissing` when there is nothing, `.storeFailed` for what is no regular file.
    package static func open(_ path: String) async throws -> LocalFile { try await open(path, .of(parent(of: path))) }

    static func open(_ path: String, _ threads: FolderThreads) async throws -> LocalFile {
        try await threads.run { try openNow(path, threads) }
    }

    package func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try await threads.run { [self] in try readNow(at: offset, count: count) }
    }

    /// The same two for whoever is on a thread that may wait.
    static func openNow(_ path: String, _ threads: FolderThreads) throws -> LocalFile {
        let descriptor = try posix("open", path) { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw BackupError(
                .storeFailed, "\(path) is not a regular file", hint: "Name a dump file, or an ID from `call-center-admin db list`.")
        }
        return LocalFile(path: path, byteCount: Int64(facts.st_size), descriptor: descriptor, threads: threads)
    }

    func readNow(at offset: Int64, count: Int) throws -> [UInt8] {
        try require(count, at: offset, of: path)
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
            filled = count
        }
    }

    /// Has what is read of it from now on come from the disk, where that can be had: what is in memory of it need not be what a crash, or a file that shares
    /// the blocks, would find. The system keeps what is not on the disk yet or being read by others, and a file system without a disk keeps all.
    func forgetCached() {
        // Advice: nothing depends on whether it is taken.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    /// Makes all of it the contents of the file that is open for writing there.
    /// - Returns: false where the two cannot have blocks in common; nothing is changed then.
    func shareBlocks(with target: Int32) -> Bool {
        while linux_share_blocks(target, descriptor) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// Whether the file system lets it have blocks in common with the file that is open for writing there. Changes nothing, as a range that begins within
    /// a block is asked for.
    ///
    /// It relies on the order Linux looks in (`vfs_clone_file_range` of fs/remap_range.c): whether both files are of one file system (else EXDEV), and
    /// whether that shares blocks at all (else EOPNOTSUPP; ENOTTY before 4.5), before it looks at the range, which it refuses as EINVAL. A type from
    /// statfs(2) would not do instead: XFS may be made without it, and what lies below a union of folders is not seen. A wrong answer costs time alone:
    /// after a wrong yes nothing can be shared and everything is written, after a wrong no everything is written at once.
    func mayShareBlocks(with target: Int32) -> Bool { linux_share_range(target, descriptor, 1, 1, 1) != 0 && errno == EINVAL }

    /// Makes a range of it, of whole blocks, the contents of a place of the file that is open for writing there.
    /// - Returns: false where the two cannot have blocks in common; nothing is changed then.
    func shareBlocks(at offset: Int64, count: Int, with target: Int32, to place: Int64) -> Bool {
        while linux_share_range(target, descriptor, offset, Int64(count), place) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    /// - Returns: false where the file system does not say.
    func findExtents(_ answer: inout linux_extents) -> Bool {
        while linux_find_extents(descriptor, &answer) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int64) throws {
        var rest = buffer
        var place = offset
        while let start = rest.baseAddress, !rest.isEmpty {
            let got = pread(descriptor, start, rest.count, off_t(place))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw localFailure(errno, "read", path) }
            guard got > 0 else { throw BackupError(.storeFailed, "\(path) became shorter while it was read") }
            rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(got))
            place += Int64(got)
        }
    }
}
