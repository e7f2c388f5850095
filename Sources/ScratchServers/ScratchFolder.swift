import BackupModel
import Glibc
import Subprocess
import SystemPackage

/// The private folder of one scratch server: ours, so that the server cannot change what we and its supervisor rely on; `home` within it is
/// the server's own. Nobody else gets in.
package struct ScratchFolder: Sendable {
    /// `<place>/call-center-scratch-XXXXXX`.
    package let path: String
    package let account: ScratchAccount

    static let prefix = "call-center-scratch-"

    /// Where the server works: its data, its socket.
    package var home: String { path + "/server" }
    /// What the server and its preparation print.
    package var log: String { path + "/log" }
    /// Held by the supervisor from the folder's first moment to its last (`flock`): who finds it free has found an orphan.
    var lock: String { path + "/lock" }
    /// `<process> <signal that ends it>` of the server that works here.
    var process: String { path + "/process" }
    /// There when the folder is to stay.
    var kept: String { path + "/kept" }

    /// Makes a folder in `place` and takes its lock.
    /// - Returns: also the lock's descriptor, to be closed by the caller.
    /// - Throws: `BackupError` with `.invalidConfiguration`, `.outOfSpace` or `.permissionDenied`.
    static func make(in place: ScratchPlace) throws -> (ScratchFolder, lock: FileDescriptor) {
        let account = try ScratchAccount.choose(place.user)
        try requireTrust(in: place.folder)
        var template = Array("\(place.folder)/\(prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw failure("make a folder in", place.folder) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = ScratchFolder(path: path, account: account)
        do {
            let lock = try folder.takeLock()
            try folder.handOverHome()
            return (folder, lock)
        } catch {
            rmdir(folder.home)
            unlink(folder.lock)
            rmdir(path)
            throw error
        }
    }

    /// Who may rename our folder in its parent could put another in its place.
    static func requireTrust(in parent: String) throws {
        var facts = stat()
        guard parent.hasPrefix("/"), stat(parent, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            throw BackupError(
                .invalidConfiguration, "there is no folder \(parent) for scratch servers",
                hint: "Make it, or name another in BACKUP_SCRATCH_DIR, by its absolute path.")
        }
        guard facts.st_mode & 0o022 == 0 || facts.st_mode & S_ISVTX != 0 else {
            throw BackupError(
                .invalidConfiguration, "others may rename what is in \(parent), the folder for scratch servers",
                hint: "chmod go-w \(Shell.quoted(parent)), or +t; or name another folder in BACKUP_SCRATCH_DIR.")
        }
    }

    /// The lock appears under its name only when it is held, so that nobody can mistake a new folder for an orphan.
    private func takeLock() throws -> FileDescriptor {
        let hidden = lock + ".new"
        let number = open(hidden, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw Self.failure("write in", path) }
        guard flock(number, LOCK_EX | LOCK_NB) == 0, rename(hidden, lock) == 0 else {
            let error = Self.failure("lock", path)
            close(number)
            unlink(hidden)
            throw error
        }
        return FileDescriptor(rawValue: number)
    }

    private func handOverHome() throws {
        try makeFolder("server")
        guard account.isOther else { return }
        guard chown(path, geteuid(), account.group) == 0, chmod(path, 0o710) == 0 else { throw Self.failure("hand over", path) }
    }

    /// Makes a folder beside `home` that belongs to the server's account, as a tablespace needs.
    /// - Returns: its path.
    @discardableResult
    package func makeFolder(_ name: String) throws -> String {
        let folder = path + "/" + name
        guard mkdir(folder, 0o700) == 0 else { throw Self.failure("make", folder) }
        guard !account.isOther || chown(folder, account.user, account.group) == 0 else { throw Self.failure("hand over", folder) }
        return folder
    }

    /// Writes a file that the server's account may read, unless it is none of its business, and not change.
    package func write(_ text: String, to name: String, forServer: Bool = true) throws {
        let file = path + "/" + name
        let number = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard number >= 0 else { throw Self.failure("write", file) }
        defer { close(number) }
        if account.isOther, forServer {
            guard fchown(number, geteuid(), account.group) == 0, fchmod(number, 0o640) == 0 else { throw Self.failure("hand over", file) }
        }
        do { try FileDescriptor(rawValue: number).writeAll(text.utf8) } catch { throw Self.failure("write", file) }
    }

    /// The last of what the server printed.
    package var logEnd: String {
        guard let file = try? FileDescriptor.open(FilePath(log), .readOnly, options: [.noFollow, .closeOnExec]) else { return "" }
        defer { close(file.rawValue) }
        guard let size = try? file.seek(offset: 0, from: .end) else { return "" }
        var bytes = [UInt8](repeating: 0, count: Int(min(size, 4096)))
        let count = (try? bytes.withUnsafeMutableBytes { try file.read(fromAbsoluteOffset: size - Int64($0.count), into: $0) }) ?? 0
        return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n").suffix(12).joined(separator: "; ")
    }

    private static func failure(_ verb: String, _ path: String) -> BackupError {
        let reason = Errno(rawValue: errno)
        let isFull = reason == .noSpace || reason == .diskQuotaExceeded
        return BackupError(
            isFull ? .outOfSpace : .permissionDenied, "cannot \(verb) \(path)",
            hint: isFull
                ? "Free space there, or name another folder in BACKUP_SCRATCH_DIR."
                : "Name a folder that this account may write to in BACKUP_SCRATCH_DIR.", cause: reason)
    }
}

extension ScratchFolder {
    /// The kernel takes at most 107 bytes for a Unix socket (unix(7), `sun_path`).
    /// - Throws: `.invalidConfiguration` for a path that is longer.
    package func requireRoom(forSocket socket: String) throws {
        guard socket.utf8.count > 107 else { return }
        throw BackupError(
            .invalidConfiguration, "the path of the folder for scratch servers is too long for a Unix socket: \(path)",
            hint: "Name a folder with a shorter path in BACKUP_SCRATCH_DIR.")
    }
}
