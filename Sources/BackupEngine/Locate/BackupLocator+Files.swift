import BackupCatalog
import BackupModel
import Glibc
import ObjectStores

extension BackupLocator {
    /// What a URL of a store names; nil for what is no URL.
    /// - Throws: what keeps the store of such a URL from being reached at all.
    func store(of text: String) throws -> (Catalog, key: String)? {
        guard text.contains("://") else { return nil }
        for catalog in catalogs.all where text.hasPrefix(catalog.store.name + "/") {
            return (catalog, String(text.dropFirst(catalog.store.name.count + 1)))
        }
        guard let (store, key) = try foreignStore(text) else {
            throw BackupError(
                .invalidUsage, "\(text) is in no store that this program knows",
                hint: "URLs begin with s3:// or gs://, and end with the name of a file, an ID or “latest”.")
        }
        return (Catalog(store: store), key)
    }

    /// A file of a store, by its key.
    func file(_ key: String, in catalog: Catalog) async throws -> LocatedBackup {
        let stored = try await catalog.store.list().contains { $0.key == key }
        guard stored else {
            throw BackupError(
                .artifactMissing, "there is no \(key) in \(catalog.store.name)",
                hint: "Name a file, an ID or “latest”; `call-center-admin db list` shows what there is.")
        }
        return try await described(LocatedBackup(StoredFile(key, in: catalog.store, identities), catalog: catalog), typed: key)
    }

    /// A path as it was typed; a bare name is also looked for where backups are kept.
    func file(_ text: String) async throws -> LocatedBackup {
        if let (catalog, key) = try store(of: text) { return try await file(key, in: catalog) }
        let typed = absolutePath(text, context: context)
        let kept = folder.map { $0 + "/" + text } ?? typed
        let path = !text.contains("/") && access(typed, F_OK) != 0 && access(kept, F_OK) == 0 ? kept : typed
        let resolved = try resolveLinks(path, typed: text)
        let slash = resolved.lastIndex(of: "/") ?? resolved.startIndex
        let catalog = Catalog(store: LocalStore(root: String(resolved[..<slash])))
        var located = try await described(LocatedBackup(StoredFile(path: resolved, identities), catalog: catalog), typed: text)
        if name(of: path).hasPrefix("latest."), let newest = try await newest(in: catalog), let id = located.id, id < newest {
            located.doubt = [located.doubt, "it is of backup \(id), and the newest one is \(newest)"].compactMap { $0 }.joined(
                separator: "; ")
        }
        return located
    }

    private func name(of path: String) -> Substring { path.split(separator: "/").last ?? "" }

    /// The backup that `latest.json` names.
    private func newest(in catalog: Catalog) async throws -> RecoveryPointID? {
        guard let store = catalog.store as? LocalStore else { return nil }
        return try await store.target(ofAlias: LatestAliases.manifest).flatMap(ArtifactName.manifestID)
    }

    /// The folder backups are kept in; nil where they are kept in buckets only.
    private var folder: String? { catalogs.all.lazy.compactMap { $0.store as? LocalStore }.first?.root }

    private func described(_ file: LocatedBackup, typed: String) async throws -> LocatedBackup {
        var located = file
        if let id = ArtifactName.manifestID(located.key) {
            throw BackupError(
                .invalidUsage, "\(typed) is the manifest of backup \(id), not a file of it",
                hint: "Name the ID, \(id), or one of its files.")
        }
        located.id = ArtifactName.recoveryPointID(located.key)
        guard let id = located.id else { return located }
        do {
            let point = try await located.catalog.recoveryPoint(id)
            located.take(point.manifest.artifacts.first { $0.key == located.key }, of: point)
        } catch let error as BackupError where error.code != .artifactMissing {
            located.doubt = "no manifest says what it has to be, so that only what it says of itself can be checked: \(error)"
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
                hint: sibling(of: path)
                    ?? "Name a file, an ID or “latest”; `call-center-admin db list` shows what there is.")
        }
        defer { free(resolved) }
        var facts = stat()
        guard stat(resolved, &facts) != 0 || facts.st_mode & S_IFMT != S_IFDIR else { throw folderNamed(typed) }
        return String(cString: resolved)
    }

    /// Where backups have another format since, or are encrypted, the newest has another name.
    private func sibling(of path: String) -> String? {
        let name = name(of: path)
        let names = LatestAliases.siblings(of: String(name)).map { path.dropLast(name.count) + $0 }
        return names.first { access(String($0), F_OK) == 0 }.map {
            "The newest backup is of another format, or encrypted: name \($0), or “latest”."
        }
    }

    private func folderNamed(_ typed: String) -> BackupError {
        BackupError(
            .invalidUsage, "\(typed) is a folder, not a backup",
            hint: "Name a file in it or an ID: `call-center-admin db list` shows all backups of BACKUP_DIR, and each can be named in turn.")
    }
}
