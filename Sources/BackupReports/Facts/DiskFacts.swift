/// A file system of ours.
package struct DiskFacts: Sendable, Equatable {
    /// A folder on it, as configured.
    package var path: String
    package var bytes: Int64
    package var freeBytes: Int64
    package var inodes: Int64
    package var freeInodes: Int64
    /// Above this share, in percent, a backup makes room or fails.
    package var limitPercent: Int

    package init(path: String, bytes: Int64, freeBytes: Int64, inodes: Int64, freeInodes: Int64, limitPercent: Int) {
        self.path = path
        self.bytes = bytes
        self.freeBytes = freeBytes
        self.inodes = inodes
        self.freeInodes = freeInodes
        self.limitPercent = limitPercent
    }
}
