package import BackupModel
import FoundationEssentials
import Glibc

/// What a run is about to write, on disk before it writes it: so that the next run, which holds the lock and so knows that this one is dead, can
/// take back exactly that. One file for each recovery point, one key a line, behind it a tab and the store where it was written to one alone; a run
/// that ends well takes its file away.
package struct RunJournal: Sendable {
    /// How long after its sender's death a request may still be carried out: a server that has the whole body stores it when it comes to it, after a
    /// store was listed and found clean. Servers and the proxies before them give a request minutes at most.
    package static let requestLife: Duration = .seconds(3600)

    private let folder: String

    /// - Parameter folder: BACKUP_STATE_DIR; made when it is missing.
    package init(folder: String) {
        self.folder = folder + "/runs"
    }

    /// What was about to be written.
    package struct Note: Sendable, Hashable {
        package var key: String
        /// Nil: into every store. Of a copy made later the others may hold the file for good.
        package var store: String?

        package init(_ key: String, in store: String? = nil) {
            self.key = key
            self.store = store
        }

        fileprivate init(line: Substring) {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            self.init(parts[0], in: parts.count > 1 ? parts[1] : nil)
        }

        fileprivate var line: String { key + (store.map { "\t" + $0 } ?? "") + "\n" }
    }

    /// Returns when a crash of the machine would not forget it either.
    package func note(_ key: String, of id: RecoveryPointID, in store: String? = nil) throws {
        try append(Note(key, in: store).line, to: path(id))
        try remove(mark(id))
    }

    private func append(_ text: String, to path: String) throws {
        let descriptor = try openForNotes(path)
        defer { Glibc.close(descriptor) }
        let bytes = Array(text.utf8)
        errno = ENOSPC
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else { throw failure("write", path) }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw failure("sync", path) }
        defer { Glibc.close(parent) }
        guard fsync(parent) == 0 else { throw failure("sync", path) }
    }

    /// What runs that never ended had begun to write, by recovery point. Only the holder of the run lock may believe it.
    package func unfinished() throws -> [RecoveryPointID: Set<Note>] {
        guard FileManager.default.fileExists(atPath: folder) else { return [:] }
        do {
            let ids = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { RecoveryPointID($0) }
            return Dictionary(try ids.map { ($0, try notes(of: $0)) }, uniquingKeysWith: { first, _ in first })
        } catch {
            throw BackupError(
                .storeFailed, "the journal of earlier runs in \(folder) cannot be read",
                hint: "Its folder is BACKUP_STATE_DIR; it has to be readable.", cause: error)
        }
    }

    private func notes(of id: RecoveryPointID) throws -> Set<Note> {
        guard let bytes = SystemFiles.contents(of: path(id)) else { throw failure("read", path(id)) }
        return Set(String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { Note(line: $0) })
    }

    private func openForNotes(_ path: String) throws -> Int32 {
        for place in [String(folder.dropLast("/runs".count)), folder] where mkdir(place, 0o700) != 0 && errno != EEXIST {
            throw failure("make the folder of", path)
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", path) }
        return descriptor
    }

    /// Every store was cleaned of what that run had begun. It is forgotten when the first time lies `requestLife` back, and until then cleaned again:
    /// what was under way when the run was killed may have arrived since.
    package func cleaned(_ id: RecoveryPointID, at now: Instant) throws {
        guard let first = firstCleaning(of: id) else {
            try remove(mark(id))
            return try append(now.iso8601, to: mark(id))
        }
        if now - first >= Self.requestLife { try forget(id) }
    }

    /// Nil as well for a mark that a crash left half written: the hour begins again.
    private func firstCleaning(of id: RecoveryPointID) -> Instant? {
        SystemFiles.text(of: mark(id)).flatMap { Instant(iso8601: $0) }
    }

    /// Where the backup is whole there is nothing to take back any more, even should its manifest get lost: only these stores may still hold leftovers.
    /// - Parameter stores: none: the run has ended well.
    package func keep(_ id: RecoveryPointID, only stores: Set<String>) throws {
        let noted = try stores.isEmpty || !FileManager.default.fileExists(atPath: path(id)) ? [] : notes(of: id)
        let left = noted.reduce(into: Set<Note>()) { left, note in
            for store in stores where note.store == nil || note.store == store { left.insert(Note(note.key, in: store)) }
        }
        guard !left.isEmpty else { return try forget(id) }
        let new = path(id) + ".new"
        try remove(new)
        try append(left.map(\.line).sorted().joined(), to: new)
        guard rename(new, path(id)) == 0 else { throw failure("write", path(id)) }
    }

    /// There is nothing left to take back.
    private func forget(_ id: RecoveryPointID) throws {
        try remove(path(id))
        try remove(mark(id))
    }

    private func remove(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("delete", path) }
    }

    private func path(_ id: RecoveryPointID) -> String { "\(folder)/\(id)" }

    private func mark(_ id: RecoveryPointID) -> String { path(id) + ".cleaned" }

    private func failure(_ verb: String, _ path: String) -> BackupError {
        StateFailure.of(verb, "the journal \(path)")
    }
}
