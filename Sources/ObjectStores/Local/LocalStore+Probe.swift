import BackupModel
import Glibc

extension LocalStore {
    /// Whether files can be stored here.
    package enum Readiness: Sendable, Equatable {
        case writable
        /// The first stored file would make the folder, below this one that is there.
        case missing(below: String)
    }

    /// Tries it: writes a small file and removes it where there is a folder; where there is none, makes another one above it, and removes that.
    /// - Throws: `BackupError` when storing would fail.
    package func probe() async throws -> Readiness {
        if let ancestor = try await blocking({ try missingBelow() }) { return .missing(below: ancestor) }
        do { try await tryOut() } catch let error as BackupError { throw aboutFolder(error) }
        return .writable
    }

    private static let trial = "config-check"

    /// Writes before it removes anything: that is what people want to know of. A file of a check that was killed is in the way.
    private func tryOut() async throws {
        do { try await putTrial() } catch let error as BackupError where error.code == .targetExists {
            try await delete(Self.trial)
            try await putTrial()
        }
        try await delete(Self.trial)
    }

    private func putTrial() async throws { try await put(Self.trial, bytes: Array("written by config check\n".utf8)) }

    /// The file is ours and means nothing to anybody; the trouble is the folder's.
    private func aboutFolder(_ error: BackupError) -> BackupError {
        guard let place = error.message.firstRange(of: "\(path(Self.trial)): ") else { return error }
        var error = error
        error.message = "cannot write in the folder \(root): \(error.message[place.upperBound...])"
        return error
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
        try tryMaking(in: place)
        return place
    }

    /// Rights do not tell: root may write among the kernel's own files, which take no folders. What is made for it goes at once.
    private func tryMaking(in place: String) throws {
        let trial = "\(place)/.\(Self.trial).\(getpid())"
        guard mkdir(trial, 0o700) == 0 || errno == EEXIST else {
            throw localFailure(errno == ENOENT ? ENOTSUP : errno, "create the folder \(root) in", place)
        }
        rmdir(trial)
    }

    /// Whether both are one folder, under whatever names.
    package func isSame(as other: LocalStore) async throws -> Bool {
        try await blocking {
            guard let here = FileFacts(root), let there = FileFacts(other.root) else { return root == other.root }
            return here.isSameFile(as: there)
        }
    }
}
