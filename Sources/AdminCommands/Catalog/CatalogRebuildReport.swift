import BackupCatalog
import BackupEngine
import BackupModel

/// What each store holds.
struct CatalogRebuildReport: Report {
    private struct Line: Encodable {
        var store: String
        var backups: Int
        var newest: Instant?
        var unreadable: Int
        var withoutManifest: Int
        var failure: String?
        /// Nil unless somebody asked for it.
        var beginsAnew: Bool?
    }

    private let stores: [Line]
    private let now: Instant

    init(_ rebuilt: [CatalogRebuild], now: Instant) {
        self.now = now
        stores = rebuilt.map { store in
            Line(
                store: store.store, backups: store.listing.points.count, newest: store.listing.points.first?.manifest.startedAt,
                unreadable: store.listing.unreadable.count, withoutManifest: store.listing.orphans.count,
                failure: store.failure.map { "\($0)" }, beginsAnew: store.beginsAnew ? true : nil)
        }
    }

    private enum CodingKeys: CodingKey { case stores }

    func text(_ style: TextStyle) -> String {
        let rows = stores.map { store in
            if let failure = store.failure { return [store.store, style.alarm("cannot be read: \(failure)"), "", "", ""] }
            return [
                store.store, "\(store.backups)", store.newest?.display(asOf: now) ?? "", "\(store.unreadable)", "\(store.withoutManifest)",
            ]
        }
        let table = TextTable("STORE", "BACKUPS", "NEWEST", "UNREADABLE", "WITHOUT MANIFEST", rows: rows).text(style)
        let fresh = stores.filter { $0.beginsAnew == true }.map { "\($0.store) begins anew: the next backup may be written there." }
        return ([table] + fresh).joined(separator: "\n")
    }
}
