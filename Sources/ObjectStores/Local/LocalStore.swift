package import BackupModel
package import BytePipeline
import Glibc
import NIOPosix

/// A folder as a store. Files are readable by their owner alone, as dumps hold everything the database does.
///
/// System calls run on threads of the folder's own: a disk may take seconds to answer, or hang for good, and nobody else must wait for it.
package struct LocalStore: AliasingStore, SelfCleaningStore {
    /// Absolute path without a trailing slash.
    package let root: String
    /// Percent of the file system from which on no large file is written any further; nil: until it is full.
    package let fullAt: Int?
    /// All writers together wait for their turn under it; blocks that are shared pass it, too, for they were read to be compared.
    private let rateLimit: RateLimit?
    /// What the run that writes here has yet to write; copies of this value share it.
    package let outlook = SpaceOutlook()
    let threads: FolderThreads

    package var name: String { root }

    package init(root: String, fullAt: Int? = nil, rateLimit: RateLimit? = nil) {
        self.fullAt = fullAt
        self.rateLimit = rateLimit
        let trimmed = String(root.reversed().drop { $0 == "/" }.reversed())
        self.root = trimmed.isEmpty ? "/" : trimmed
        threads = FolderThreads.of(self.root)
    }

    /// Runs system calls on this folder where they may wait.
    package func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await threads.run(body)
    }

    package func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result {
        try await make(key) { partial in
            let file = SharingFile(partial, in: self)
            let result = try await body(watched(file).limited(to: rateLimit))
            try await file.finish()
            return result
        }
    }

    /// Publishes the file that `body` makes whole; when it throws, or the task is cancelled, nothing stays.
    func make<Result: Sendable>(_ key: String, _ body: (PartialFile) async throws -> Result) async throws -> Result {
        try validate(key)
        let partial = try await blocking {
            try createRoot()
            guard access(path(key), F_OK) != 0 else { throw taken(path(key)) }
            return try PartialFile.create(for: key, in: root, threads)
        }
        do {
            let result = try await body(partial)
            try Task.checkCancellation()
            try await blocking { try partial.publish(replacing: false) }
            return result
        } catch {
            try await uncancelled { try await blocking { partial.discard() } }
            throw error
        }
    }

    private func watched(_ file: SharingFile) async throws -> any ByteSink {
        guard let fullAt else { return file }
        return try await SpaceWatch(file, root: root, limit: fullAt, outlook: outlook) { try await space() }
    }

    package func open(_ key: String) async throws -> any RandomAccessBytes {
        try validate(key)
        return try await LocalFile.open(path(key), threads)
    }

    package func list() async throws -> [StoredObject] {
        try await blocking {
            guard access(root, F_OK) == 0 || errno != ENOENT else { throw noFolder() }
            return try FolderListing.names(in: root).filter { !$0.hasPrefix(".") }.sorted().compactMap {
                try FolderListing.regularFile($0, in: root)
            }
        }
    }

    /// In a task of its own: a run that is cancelled deletes what it stored so far.
    package func delete(_ key: String) async throws {
        try validate(key)
        try await Task {
            try await blocking { try remove(key) }
        }.value
    }

    /// Under the lock of `update`, else a change under way would bring the document back by its rename. Only what may be opened for writing is ever
    /// changed; the rest (an alias, a file of somebody else's in a folder of ours) is removed without.
    private func remove(_ key: String) throws {
        let held = try? lock(path(key), O_NOFOLLOW)
        defer { if let held { close(held) } }
        do {
            try posix("delete", path(key)) { unlink(path(key)) }
        } catch let failure as BackupError where failure.code == .artifactMissing {
            return
        }
        try syncFolder(root)
    }

    func path(_ key: String) -> String { root == "/" ? "/\(key)" : "\(root)/\(key)" }

    func validate(_ key: String) throws {
        guard StoreKey.isFlat(key) else { throw StoreKey.refusal(of: key) }
    }

    private func noFolder() -> BackupError {
        BackupError(
            .artifactMissing, "there is no folder \(root)",
            hint: "Check BACKUP_DIR, and that its disk is mounted (`findmnt`): the first backup makes a folder that never held any, "
                + "and no other.")
    }

    /// Makes the folder where there is none yet.
    package func make() async throws { try await blocking { try createRoot() } }

    /// Parents that are missing are made too, so that a fresh volume works at the first run.
    private func createRoot() throws {
        var made = ""
        for part in root.split(separator: "/") {
            made += "/\(part)"
            if access(made, F_OK) == 0 { continue }
            if mkdir(made, 0o700) != 0, errno != EEXIST { throw localFailure(errno, "create the folder", root) }
        }
    }
}

/// Runs system calls away from the cooperative pool.
package func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await NIOThreadPool.singleton.runIfActive(body)
}

/// Renames and new names are only durable once their folder is.
func syncFolder(_ folder: String) throws {
    let descriptor = try posix("open", folder) { Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    defer { close(descriptor) }
    try posix("sync the folder", folder) { fsync(descriptor) }
}
