import BackupModel
import BytePipeline

/// What a run that took a backup did not do: parts it could not save, stores that did not take them.
struct Shortfall {
    private let manifest: Manifest
    private let parts: [PartFailure]
    private let stores: [Dropout]
    private let partCount: Int
    private let storeCount: Int

    init(_ manifest: Manifest, _ parts: [PartFailure], _ stores: [Dropout], of request: BackupRequest, storeCount: Int) {
        self.manifest = manifest
        self.parts = parts
        self.stores = stores
        partCount = request.partCount
        self.storeCount = storeCount
    }

    /// Nil when everything is where it belongs.
    var error: BackupError? {
        guard let first = parts.first?.error ?? stores.first?.error else { return nil }
        let sentences = [partsText, storesText].compactMap { $0 }
        var error = BackupError(
            .partlyDone, "backup \(manifest.id) \(sentences.joined(separator: "; it "))", hint: parts.isEmpty ? storesHint : first.hint,
            cause: first)
        for store in stores { error.storeObstacles[store.store] = store.error.obstacle }
        error.lackingStores = stores.map(\.store)
        return error
    }

    /// The first failure of each target.
    var targets: [BackupTarget: BackupError] {
        Dictionary(parts.compactMap { part in part.kind.target.map { ($0, part.error) } }, uniquingKeysWith: { first, _ in first })
    }

    private var partsText: String? {
        guard !parts.isEmpty else { return nil }
        let names = parts.map { "\($0.part.name) (\($0.error))" }.joined(separator: "; ")
        return "lacks \(parts.count) of \(partCount) parts: \(names)"
    }

    private var storesText: String? {
        guard !stores.isEmpty else { return nil }
        let names = stores.map { "\($0.store) (\($0.error))" }.joined(separator: "; ")
        return "is stored in \(storeCount - stores.count) of \(storeCount) stores, not in \(names)"
    }

    /// What to look with, unless the store's own hint says that; that hint; and how the copy gets there.
    private var storesHint: String? {
        guard let first = stores.first else { return nil }
        let check = StoreCheck.command(first.store)
        let look = first.error.hint?.contains("call-center-admin storage check") == true ? nil : "`\(check)` tells what it does."
        let copy = "The next run gives it the copy, or `call-center-admin db sync` does now."
        return [look, first.error.hint, copy].compactMap { $0 }.joined(separator: " ")
    }
}
