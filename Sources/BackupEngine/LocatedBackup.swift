package import BackupCatalog
package import BackupModel
import Glibc
import ObjectStores

/// A file an operator named, with what is known of it.
package struct LocatedBackup: Sendable {
    /// Where it lies; never a symlink.
    package var path: String
    /// What a manifest beside it says of it; nil for a lone or foreign file.
    package var artifact: Artifact?
    /// The recovery point it belongs to; also known for a file whose name says it, with or without a manifest.
    package var id: RecoveryPointID?
    /// The recovery points of the folder it lies in.
    package var catalog: Catalog
    /// When the recovery point was begun, and of which server it is: from the manifest.
    package var startedAt: Instant?
    package var postgres: PostgresFacts?
    /// What it says of the Redis the file is a copy of.
    package var redisCopy: RedisCopy?
    /// The worst that is known of its recovery point, else the best that is proved.
    package var condition: RecoveryPoint.Condition?
    /// What the run that took it was asked for and could not save.
    package var lacking: [MissingPart] = []
    /// Why the manifest beside it says nothing, though there is one.
    package var doubt: String?

    init(path: String, catalog: Catalog) {
        self.path = path
        self.catalog = catalog
    }

    /// Roles and tablespaces, which are restored before a dump is, not by themselves.
    package var isGlobals: Bool {
        artifact?.kind == .globals || key.hasPrefix("globals-") && ArtifactName.plain(key).hasSuffix(".sql")
    }

    package var isRedis: Bool { [".rdb", ".rdb.gz"].contains { ArtifactName.plain(key).hasSuffix($0) } }

    /// The name it is stored under.
    package var key: String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension LocatedBackup {
    fileprivate mutating func take(_ artifact: Artifact?, of point: RecoveryPoint) {
        self.artifact = artifact
        id = point.id
        startedAt = point.manifest.startedAt
        postgres = point.manifest.postgres
        lacking = point.manifest.lacking
        condition = point.condition
        redisCopy = point.manifest.redis.first { $0.artifact == artifact?.key }
    }
}

/// Finds what operators mean by `latest`, an ID, the beginning of one, or a path.
package struct BackupLocator: Sendable {
    private let catalog: Catalog
    private let folder: String
    private let context: RunContext

    /// - Parameter folder: where backups are kept, as the catalog's store names it.
    package init(catalog: Catalog, folder: String, context: RunContext) {
        self.catalog = catalog
        self.folder = folder
        self.context = context
    }

    /// Every file of the recovery point, or the one file of a path.
    /// - Throws: `.artifactMissing` when one of them is not there, `.invalidUsage` when the beginning of an ID fits several.
    package func files(of text: String) async throws -> [LocatedBackup] {
        let reference = BackupReference(text)
        guard let point = try await catalog.find(reference) else { return [try await file(text)] }
        if let missing = point.missing.first { throw gone(missing, of: point) }
        return located(point.manifest.artifacts, of: point)
    }

    private func located(_ artifacts: [Artifact], of point: RecoveryPoint) -> [LocatedBackup] {
        artifacts.map { artifact in
            var backup = LocatedBackup(path: folder + "/" + artifact.key, catalog: catalog)
            backup.take(artifact, of: point)
            return backup
        }
    }

    /// - Parameter holds: whether a recovery point has what is wanted.
    private func lacksPart(_ part: String, _ text: String, _ holds: (RecoveryPoint) -> Bool) async throws -> BackupError {
        let id = try await catalog.find(BackupReference(text))?.id.description ?? text
        let newest = try await catalog.list().points.first(where: holds)
        let hint = newest.map { "The newest that holds one is \($0.id)." } ?? "No backup here holds one."
        return BackupError(
            .artifactMissing, "backup \(id) holds no \(part)",
            hint: "\(hint) `call-center-admin db show \(id)` says what this one lacks, and why.")
    }

    /// The one copy of Redis.
    /// - Throws: as `files`, and `.invalidUsage` for a recovery point of a cluster, which has one for each of its masters.
    package func redisDump(of text: String) async throws -> LocatedBackup {
        guard let point = try await catalog.find(BackupReference(text)) else { return try await file(text) }
        let copies = point.redisDumps
        if let missing = copies.first(where: { point.missing.contains($0.key) }) { throw gone(missing.key, of: point) }
        guard let copy = copies.first else { throw try await lacksPart("copy of Redis", text) { !$0.redisDumps.isEmpty } }
        guard copies.count == 1 else {
            let paths = copies.map { folder + "/" + $0.key }.joined(separator: ", ")
            throw BackupError(
                .invalidUsage, "backup \(point.id) is of a cluster, with a file for each of its \(copies.count) masters",
                hint: "Restore one after the other, with --keys '*': \(paths)")
        }
        return located([copy], of: point)[0]
    }

    /// The one dump that can be restored.
    /// - Throws: as `files`, and `.invalidUsage` for a recovery point of several databases.
    package func dump(of text: String) async throws -> LocatedBackup {
        let dumps = try await dumps(of: text)
        guard let dump = dumps.first else { throw try await lacksPart("dump of a database", text) { !$0.dumps.isEmpty } }
        guard dumps.count == 1 else {
            let paths = dumps.map(\.path).joined(separator: ", ")
            throw BackupError(.invalidUsage, "\(text) holds \(dumps.count) databases", hint: "Name one of the files: \(paths)")
        }
        return dump
    }

    /// Other files of the recovery point may have been deleted by hand: that does not keep the dump from being restored.
    private func dumps(of text: String) async throws -> [LocatedBackup] {
        guard let point = try await catalog.find(BackupReference(text)) else { return [try await file(text)] }
        if let missing = point.dumps.first(where: { point.missing.contains($0.key) }) { throw gone(missing.key, of: point) }
        return located(point.dumps, of: point)
    }

    /// A path as it was typed; a bare name is also looked for where backups are kept.
    private func file(_ text: String) async throws -> LocatedBackup {
        let typed = absolutePath(text, context: context)
        let kept = folder + "/" + text
        let path = !text.contains("/") && access(typed, F_OK) != 0 && access(kept, F_OK) == 0 ? kept : typed
        let resolved = try resolveLinks(path, typed: text)
        let slash = resolved.lastIndex(of: "/") ?? resolved.startIndex
        let catalog = Catalog(store: LocalStore(root: String(resolved[..<slash])))
        var located = LocatedBackup(path: resolved, catalog: catalog)
        if let id = ArtifactName.manifestID(located.key) {
            throw BackupError(
                .invalidUsage, "\(text) is the manifest of backup \(id), not a file of it", hint: "Name the ID, \(id), or one of its files."
            )
        }
        located.id = ArtifactName.recoveryPointID(located.key)
        guard let id = located.id else { return located }
        do {
            let point = try await catalog.recoveryPoint(id)
            located.take(point.manifest.artifacts.first { $0.key == located.key }, of: point)
        } catch let error as BackupError where error.code != .artifactMissing {
            located.doubt = "what the manifest says of it is not known: \(error)"
        } catch is BackupError {
            // Nobody wrote one, or somebody deleted it: the file then has to speak for itself.
        }
        return located
    }

    private func resolveLinks(_ path: String, typed: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            let why = errno == EACCES ? "permission denied" : "there is no such file"
            throw BackupError(
                errno == EACCES ? .storeFailed : .artifactMissing, "cannot open \(typed): \(why)",
                hint: "Name a file, an ID or “latest”; `call-center-admin db list` shows what there is."
            )
        }
        defer { free(resolved) }
        var facts = stat()
        guard stat(resolved, &facts) != 0 || facts.st_mode & S_IFMT != S_IFDIR else { throw folderNamed(typed) }
        return String(cString: resolved)
    }

    private func folderNamed(_ typed: String) -> BackupError {
        BackupError(
            .invalidUsage, "\(typed) is a folder, not a backup",
            hint: "Name a file in it or an ID: `call-center-admin db list` shows all backups of BACKUP_DIR, and each can be named in turn.")
    }

    private func gone(_ key: String, of point: RecoveryPoint) -> BackupError {
        BackupError(
            .artifactMissing, "\(key) of backup \(point.id) is not in \(folder) any more",
            hint: "Somebody deleted it; `call-center-admin db list` shows which backups are whole."
        )
    }
}
