import Glibc

/// What tells a file that was replaced or written to from the one it was; symbolic links are followed.
struct FileMark: Equatable {
    private let place: [UInt]
    private let size: Int
    /// When its contents and when anything of it changed, in nanoseconds.
    private let times: [Int]

    /// Nil for a file that is not there.
    init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        place = [UInt(facts.st_dev), UInt(facts.st_ino)]
        size = facts.st_size
        times = [facts.st_mtim, facts.st_ctim].map { $0.tv_sec * 1_000_000_000 + $0.tv_nsec }
    }
}
