import BackupModel
import Glibc

extension LocalStore {
    /// Whether files can be stored here.
    package enum Readiness: Sendable, Equatable {
        case writable
        /// The first stored file would make the folder, below this one that is there.
        case missing(below: String)
    }

    /// Tries it: writes a small file and removes it where there is a folder; where there is none, nothing is made.
    /// - Throws: `BackupError` when storing would fail.
    package func probe() async throws -> Readiness {
        if let ancestor = try await blocking({ try missingBelow() }) { return .missing(below: ancestor) }
        try await delete("config-check")
        try await put("config-check", bytes: Array("written by config check\n".utf8))
        try await delete("config-check")
        return .writable
    }

    /// The nearest folder above that exists, in which the missing ones can be made; nil when the folder itself is there.
    private func missingBelow() throws -> String? {
        var place = root
        var facts = stat()
        while stat(place, &facts) != 0 {
            guard errno == ENOENT, place != "/" else { throw localFailure(errno, "examine", place) }
            place = parent(of: place)
        }
        guard facts.st_mode & S_IFMT == S_IFDIR else { throw localFailure(ENOTDIR, "use", place) }
        guard place != root else { return nil }
        try posix("create the folder \(root) in", place) { access(place, W_OK | X_OK) }
        return place
    }
}
