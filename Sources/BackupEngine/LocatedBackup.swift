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

    /// The name it is stored under.
    package var key: String { path.split(separator: "/").last.map(String.init) ?? path }
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
        return point.manifest.artifacts.map {
            LocatedBackup(path: folder + "/" + $0.key, artifact: $0, id: point.id, catalog: catalog)
        }
    }

    /// The one dump that can be restored.
    /// - Throws: as `files`, and `.invalidUsage` for a recovery point of several databases.
    package func dump(of text: String) async throws -> LocatedBackup {
        let dumps = try await dumps(of: text)
        guard let dump = dumps.first else {
            throw BackupError(
                .artifactMissing, "\(text) holds no dump of a database", hint: "See its files with `call-center-admin db show \(text)`.")
        }
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
        return point.dumps.map { LocatedBackup(path: folder + "/" + $0.key, artifact: $0, id: point.id, catalog: catalog) }
    }

    /// A path as it was typed; a bare name is also looked for where backups are kept.
    private func file(_ text: String) async throws -> LocatedBackup {
        let typed = absolutePath(text, context: context)
        let kept = folder + "/" + text
        let path = !text.contains("/") && access(typed, F_OK) != 0 && access(kept, F_OK) == 0 ? kept : typed
        let resolved = try resolveLinks(path, typed: text)
        let slash = resolved.lastIndex(of: "/") ?? resolved.startIndex
        let catalog = Catalog(store: LocalStore(root: String(resolved[..<slash])))
        var located = LocatedBackup(path: resolved, artifact: nil, id: nil, catalog: catalog)
        located.id = ArtifactName.recoveryPointID(located.key)
        if let id = located.id, let point = try? await catalog.recoveryPoint(id) {
            located.artifact = point.manifest.artifacts.first { $0.key == located.key }
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
        return String(cString: resolved)
    }

    private func gone(_ key: String, of point: RecoveryPoint) -> BackupError {
        BackupError(
            .artifactMissing, "\(key) of backup \(point.id) is not in \(folder) any more",
            hint: "Somebody deleted it; `call-center-admin db list` shows which backups are whole."
        )
    }
}
