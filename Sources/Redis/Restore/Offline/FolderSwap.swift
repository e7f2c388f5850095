import BackupModel
import Glibc

/// The renames that bring a restored file into a data folder, and their undoing when one of them fails.
struct FolderSwap: Sendable {
    let folder: DataFolder
    let movedAside: [String: String]
    let log: DataFolder.Log
    /// As the system's call, to be failed in tests.
    var rename: @Sendable (String, String) -> Int32 = { Glibc.rename($0, $1) }

    /// - Throws: `BackupError`; the folder is then as it was, or the message says what is under which name.
    func run(bringingIn hidden: String) throws {
        var undo = Undo()
        do {
            for (name, aside) in movedAside.sorted(by: { $0.key < $1.key }) { try move(folder.file(name), folder.file(aside), &undo) }
            try move(hidden, folder.file(folder.dumpName), &undo)
            try writeLog(&undo)
            try sync(folder.path)
        } catch {
            throw undo.run(after: error as? BackupError ?? BackupError(.failed, "\(error)", cause: error))
        }
    }

    private func move(_ from: String, _ to: String, _ undo: inout Undo) throws {
        guard rename(from, to) == 0 else { throw folderFailure("rename", from) }
        undo.add("\(from) is now called \(to)") { rename(to, from) }
    }

    private func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw folderFailure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw folderFailure("sync", path) }
    }
}

// MARK: The append-only log

extension FolderSwap {
    private func writeLog(_ undo: inout Undo) throws {
        switch log {
        case .none, .asFound: break
        case .file: try writeLogFile(&undo)
        case .folder: try writeLogFolder(&undo)
        }
    }

    /// A log may begin with an RDB file, and this one is nothing else. A copy, as Redis appends to it.
    private func writeLogFile(_ undo: inout Undo) throws {
        let path = folder.file(folder.logName)
        let copy = try FolderFile(creating: path, like: folder.path)
        undo.add("\(path) is new") { unlink(path) }
        let source = open(folder.file(folder.dumpName), O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw folderFailure("open", folder.file(folder.dumpName)) }
        defer { close(source) }
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while case let count = read(source, &piece, piece.count), count != 0 {
            guard count > 0 else { throw folderFailure("read", folder.file(folder.dumpName)) }
            try copy.write(Array(piece[..<count]))
        }
        try copy.finish()
    }

    /// A manifest that names the restored file as the log's base (Redis, `aof.c`, `aofLoadManifestFromFile`). A second name for the same file: Redis
    /// replaces a base, and never writes into it.
    private func writeLogFolder(_ undo: inout Undo) throws {
        let place = folder.file(folder.logFolderName)
        let base = "\(folder.logName).1.base.rdb"
        try makeFolder(place, &undo)
        guard link(folder.file(folder.dumpName), "\(place)/\(base)") == 0 else { throw folderFailure("link", "\(place)/\(base)") }
        undo.add("\(place)/\(base) is new") { unlink("\(place)/\(base)") }
        let path = "\(place)/\(folder.logName).manifest"
        let manifest = try FolderFile(creating: path, like: folder.path)
        undo.add("\(path) is new") { unlink(path) }
        try manifest.write(Array("file \(base) seq 1 type b\n".utf8))
        try manifest.finish()
        try sync(place)
    }

    private func makeFolder(_ path: String, _ undo: inout Undo) throws {
        var facts = stat()
        guard stat(folder.path, &facts) == 0 else { throw folderFailure("examine", folder.path) }
        guard mkdir(path, facts.st_mode & 0o777) == 0 else { throw folderFailure("create", path) }
        undo.add("\(path) is new") { rmdir(path) }
        if geteuid() == 0, chown(path, facts.st_uid, facts.st_gid) != 0 { throw folderFailure("change the owner of", path) }
    }
}

/// Steps back, the last one first.
private struct Undo {
    private struct Step {
        /// What is so while the step is not taken back.
        let state: String
        let back: () -> Int32
    }

    private var steps: [Step] = []

    mutating func add(_ state: String, _ back: @escaping () -> Int32) { steps.append(Step(state: state, back: back)) }

    /// Takes back what can be taken back.
    /// - Returns: the error to be thrown, with what is left.
    func run(after error: BackupError) -> BackupError {
        let left = steps.reversed().compactMap { step in step.back() == 0 ? nil : "\(step.state) (\(lastSystemError()))" }
        guard !left.isEmpty else { return error }
        return BackupError(
            error.code, "\(error.message); and not all of it could be taken back: \(left.joined(separator: "; "))",
            hint: "Give the files their names back by hand before the server is started. \(error.hint ?? "")", cause: error)
    }
}
