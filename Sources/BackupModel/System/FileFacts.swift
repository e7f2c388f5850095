import Glibc

/// What stat(2) tells of a file. Here, because beside a module that brings all of Foundation the compiler takes `stat` for that module's.
package struct FileFacts: Sendable, Equatable {
    /// Which file it is, whatever its names.
    package let device: UInt64
    package let inode: UInt64
    /// Permission bits, without the kind of file.
    package let mode: UInt32

    /// Follows links.
    /// - Returns: nil where it cannot be told, with `errno` saying why.
    package init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        device = UInt64(facts.st_dev)
        inode = UInt64(facts.st_ino)
        mode = facts.st_mode & 0o7777
    }

    package func isSameFile(as other: FileFacts) -> Bool { device == other.device && inode == other.inode }
}
