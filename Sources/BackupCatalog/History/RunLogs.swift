package import BackupModel
import FoundationEssentials
import Glibc

/// The logs of runs, one file each: `BACKUP_STATE_DIR/logs/<id>.jsonl`. A run holds a lock (`flock`) on its own while it lives, so that everybody can
/// see whether it does: in another container too, and without being deceived by a process number that is somebody else's by now.
package struct RunLogs: Sendable {
    package let folder: String

    /// - Parameter stateFolder: BACKUP_STATE_DIR.
    package init(stateFolder: String) {
        folder = stateFolder + "/logs"
    }

    package enum Holding: Sendable { case held, free, absent }

    /// Whether the process that writes the log lives.
    package func holding(_ id: String) -> Holding {
        let descriptor = open(path(id), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .absent }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return errno == EWOULDBLOCK ? .held : .free }
        flock(descriptor, LOCK_UN)
        return .free
    }

    /// Never a file of another folder, whatever somebody takes for an id.
    package func path(_ id: String) -> String {
        let name = id.unicodeScalars.filter { $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-" }
        return "\(folder)/\(String(String.UnicodeScalarView(name))).jsonl"
    }

    /// The lines of a log from its beginning.
    package func tail(_ id: String) -> RunLogTail { RunLogTail(path: path(id)) }

    /// Takes away a log nobody is to see.
    package func remove(_ id: String) { unlink(path(id)) }

    /// Deletes the logs of runs that were begun before `bound`, and what is left of logs that were never begun.
    package func retire(before bound: Instant) throws {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let first = RecoveryPointID(at: bound).description
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where Self.id(name).map({ $0 < first }) ?? false {
            // Another run that ends at the same time takes the same ones away.
            guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
                throw StateFailure.of("delete", "the old log \(folder)/\(name)")
            }
        }
    }

    /// Nil for a file that is no log of ours.
    private static func id(_ name: String) -> String? {
        let bare = name.hasPrefix(".") ? name.dropFirst() : name[...]
        return RecoveryPointID(bare.prefix(16)) == nil ? nil : String(bare)
    }
}
