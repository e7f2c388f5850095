import BackupCatalog
import BackupModel
import BytePipeline

/// Finds out which of two manifests of one backup is wrong, by the files they are of, and writes that one anew.
///
/// A manifest is only written over where its own store's files are proved to be those of the other one: never on the word of a majority.
struct ManifestSettlement: Sendable {
    let catalogs: Catalogs
    let context: RunContext
    let progress: ProgressSink

    /// - Returns: why it is still open; nil once it is settled.
    func settle(_ contradiction: Contradiction) async -> Contradiction? {
        var open = contradiction
        do {
            let files = FilesOnce(catalogs: catalogs, progress: progress)
            open.verdict = contradiction.isOfTime ? try await settleTime(contradiction, files) : try await settleFiles(contradiction, files)
        } catch {
            open.verdict = "\(error)"
        }
        return open.verdict == nil ? nil : open
    }

    /// The files are the same: what is nearer to the name is the time of the run that gave it.
    private func settleTime(_ open: Contradiction, _ files: FilesOnce) async throws -> String? {
        guard open.manifest.distanceFromName < open.other.distanceFromName else { return "which of the two times is right cannot be told" }
        guard try await files.are(open.manifest, in: open.otherStore) else {
            throw BackupError(.verificationFailed, "the files in \(open.otherStore) are those of neither")
        }
        try await rewrite(open.other, in: open.otherStore, as: open.manifest)
        return nil
    }

    /// Files of other names prove nothing: those of two backups of one second may all be in one store.
    private func settleFiles(_ open: Contradiction, _ files: FilesOnce) async throws -> String? {
        let keys = Set(open.manifest.artifacts.map(\.key))
        guard !keys.isEmpty, keys == Set(open.other.artifacts.map(\.key)) else {
            return "they are of files of different names: they are two backups of one second"
        }
        if try await files.disprove(open.other, in: open.otherStore, for: open.manifest) {
            try await rewrite(open.other, in: open.otherStore, as: open.manifest)
            return nil
        }
        guard try await files.are(open.other, in: open.otherStore) else { return "the files in \(open.otherStore) are those of neither" }
        for store in open.stores {
            guard try await files.disprove(open.manifest, in: store, for: open.other) else {
                return "each is of the files beside it: they are two backups of one second"
            }
        }
        for store in open.stores { try await rewrite(open.manifest, in: store, as: open.other) }
        return nil
    }

    /// What was found good of the files is kept; what was found bad, was found by a manifest that is wrong.
    private func rewrite(_ wrong: Manifest, in store: String, as right: Manifest) async throws {
        guard let catalog = catalogs.catalog(of: store) else { return }
        var manifest = right
        manifest.stores = right.stores.filter { $0.store != store } + [StoreCopy(store: store, storedAt: context.now())]
        manifest.takeProofs(of: wrong)
        manifest.pin = right.pin ?? wrong.pin
        try await catalog.replace(wrong, with: manifest)
        progress(.note("the manifest of \(right.id) in \(store) was wrong, as its own files prove, and is written anew"))
    }
}

/// The files of stores, each read once however many manifests are held against it. For one task.
private final class FilesOnce {
    private let catalogs: Catalogs
    private let progress: ProgressSink
    private var sizes: [String: [String: Int64]] = [:]
    /// By store and key.
    private var summaries: [[String]: ByteSummary] = [:]

    init(catalogs: Catalogs, progress: @escaping ProgressSink) {
        self.catalogs = catalogs
        self.progress = progress
    }

    /// Whether the files of that store are those of `right`, and not those of the manifest beside them.
    func disprove(_ wrong: Manifest, in store: String, for right: Manifest) async throws -> Bool {
        guard try await are(right, in: store) else { return false }
        return try await !are(wrong, in: store)
    }

    /// Whether every file of the manifest is in that store, to its last bit; one that names no file proves nothing. What cannot be read is an error.
    func are(_ manifest: Manifest, in store: String) async throws -> Bool {
        guard !manifest.artifacts.isEmpty, let catalog = catalogs.catalog(of: store) else { return false }
        let sizes = try await sizes(in: catalog)
        guard manifest.artifacts.allSatisfy({ sizes[$0.key] == $0.bytes }) else { return false }
        for artifact in manifest.artifacts {
            let found = try await summary(of: artifact.key, in: catalog)
            guard found == ByteSummary(bytes: artifact.bytes, sha256: artifact.sha256.lowercased()) else { return false }
        }
        return true
    }

    private func sizes(in catalog: Catalog) async throws -> [String: Int64] {
        if let known = sizes[catalog.store.name] { return known }
        let found = Dictionary(try await catalog.objects().map { ($0.key, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        sizes[catalog.store.name] = found
        return found
    }

    private func summary(of key: String, in catalog: Catalog) async throws -> ByteSummary {
        let place = [catalog.store.name, key]
        if let known = summaries[place] { return known }
        let found = try await ReadAhead(try await catalog.store.open(key)).summary { [progress] in
            progress(.advanced(bytes: $0, rows: 0, items: 0, item: key))
        }
        summaries[place] = found
        return found
    }
}
