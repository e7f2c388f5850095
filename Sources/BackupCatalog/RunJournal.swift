package import BackupModel
import FoundationEssentials
import Glibc

/// What a run is about to write, on disk before it writes it: so that the next run, which holds the lock and so knows that this one is dead, can
/// take back exactly that from every store. One file for each recovery point, one key a line; a run that ends well takes its file away.
package struct RunJournal: Sendable {
    private let folder: String

    /// - Parameter folder: BACKUP_STATE_DIR; made when it is missing.
    package init(folder: String) {
        self.folder = folder + "/runs"
    }

    /// Returns when a crash of the machine would not forget it either.
    package func note(_ key: String, of id: RecoveryPointID) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(path(id), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", id) }
        defer { Glibc.close(descriptor) }
        let line = Array((key + "\n").utf8)
        guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else { throw failure("write", id) }
    }

    /// What runs that never ended had begun to write, by recovery point. Only the holder of the run lock may believe it.
    package func unfinished() throws -> [RecoveryPointID: Set<String>] {
        guard FileManager.default.fileExists(atPath: folder) else { return [:] }
        let ids = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { RecoveryPointID($0) }
        return Dictionary(
            try ids.map { id in
                let text = String(decoding: try Data(contentsOf: URL(filePath: path(id))), as: UTF8.self)
                return (id, Set(text.split(separator: "\n").map(String.init)))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// There is nothing left to take back.
    package func close(_ id: RecoveryPointID) throws {
        guard unlink(path(id)) == 0 || errno == ENOENT else { throw failure("delete", id) }
    }

    private func path(_ id: RecoveryPointID) -> String { "\(folder)/\(id)" }

    private func failure(_ verb: String, _ id: RecoveryPointID) -> BackupError {
        BackupError(
            errno == ENOSPC ? .outOfSpace : .storeFailed,
            "cannot \(verb) the journal \(path(id)): \(String(cString: strerror(errno)).lowercased())",
            hint: "Its folder is BACKUP_STATE_DIR; it has to be writable.")
    }
}
