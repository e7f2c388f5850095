import BackupModel
import Glibc

extension LocalStore {
    /// Under an `flock` on the document itself, which other processes and containers that share the folder see; on NFS it takes a descriptor
    /// open for writing. All of it happens in one stay on a thread that may wait, so that holders never wait for waiters' threads.
    package func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try validate(key)
        try await blocking {
            let descriptor = try lock(path(key))
            defer { close(descriptor) }
            let file = try LocalFile.openNow(path(key), threads)
            let changed = try change(try file.readNow(at: 0, count: Int(file.byteCount)))
            let partial = try PartialFile.create(for: key, in: root, threads)
            do {
                try partial.writeNow(changed)
                try partial.publish(replacing: true)
            } catch {
                partial.discard()
                throw error
            }
        }
    }

    /// Who waited for the lock may have got it on a file that was replaced meanwhile; then the one that is there now is locked.
    func lock(_ path: String, _ flags: Int32 = 0) throws -> Int32 {
        while true {
            let descriptor = try posix("open", path) { Glibc.open(path, O_RDWR | O_CLOEXEC | flags) }
            // Where the file system has no locks, the last writer wins, as without them.
            while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
            if names(path, descriptor) { return descriptor }
            close(descriptor)
        }
    }

    private func names(_ path: String, _ descriptor: Int32) -> Bool {
        var (held, named) = (stat(), stat())
        guard fstat(descriptor, &held) == 0, stat(path, &named) == 0 else { return false }
        return held.st_ino == named.st_ino && held.st_dev == named.st_dev
    }
}
