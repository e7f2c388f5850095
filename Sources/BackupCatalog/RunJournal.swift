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
        let descriptor = try openForNotes(id)
        defer { Glibc.close(descriptor) }
        let line = Array((key + "\n").utf8)
        errno = ENOSPC
        guard write(descriptor, line, line.count) == line.count, fsync(descriptor) == 0 else { throw failure("write", id) }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw failure("sync", id) }
        defer { Glibc.close(parent) }
        guard fsync(parent) == 0 else { throw failure("sync", id) }
    }

    /// What runs that never ended had begun to write, by recovery point. Only the holder of the run lock may believe it.
    package func unfinished() throws -> [RecoveryPointID: Set<String>] {
        guard FileManager.default.fileExists(atPath: folder) else { return [:] }
        do {
            let ids = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { RecoveryPointID($0) }
            return Dictionary(try ids.map { ($0, try keys(of: $0)) }, uniquingKeysWith: { first, _ in first })
        } catch {
            throw BackupError(
                .storeFailed, "the journal of earlier runs in \(folder) cannot be read",
                hint: "Its folder is BACKUP_STATE_DIR; it has to be readable.", cause: error)
        }
    }

    private func keys(of id: RecoveryPointID) throws -> Set<String> {
        let text = String(decoding: try Data(contentsOf: URL(filePath: path(id))), as: UTF8.self)
        return Set(text.split(separator: "\n").map(String.init))
    }

    private func openForNotes(_ id: RecoveryPointID) throws -> Int32 {
        for place in [String(folder.dropLast("/runs".count)), folder] where mkdir(place, 0o700) != 0 && errno != EEXIST {
            throw failure("make the folder of", id)
        }
        let descriptor = open(path(id), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", id) }
        return descriptor
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
