import BackupCatalog
import BackupModel

/// The backups of all stores as they are printed.
struct ListReport: Report {
    struct Stray: Encodable {
        var file: String
        var bytes: Int64?
        var modifiedAt: Instant?
        var reason: String
        /// Where it lies, if there are several stores.
        var stores: [String]?
    }

    private struct Absent: Encodable {
        var store: String
        var reason: String
    }

    /// The stores' names, what is nearest first.
    var stores: [String]
    var backups: [RecoveryPointReport]
    /// Files that belong to no backup that can be read.
    var strays: [Stray]
    private let unreadable: [UnreadableManifest]
    private let strayStores: [String: [String]]
    private let orphans: [StoredObject]
    private let safetyCopies: [StoredObject]
    /// Stores that could not be listed, and why: what they hold is not known.
    private let unreachable: [Absent]
    private let contradictions: [Contradiction]
    private let now: Instant

    private enum CodingKeys: CodingKey { case stores, unreachable, backups, strays }

    init(_ listing: CatalogListing, _ sizes: PhysicalSizes, stores: [String], now: Instant) {
        self.stores = stores
        self.now = now
        unreadable = listing.unreadable
        strayStores = listing.strayStores
        orphans = listing.orphans
        safetyCopies = listing.safetyCopies
        contradictions = listing.contradictions
        unreachable = listing.unreachable.map { Absent(store: $0.store, reason: "\($0)") }
        backups = listing.points.map { point in
            var report = RecoveryPointReport(point, now: now)
            report.physicalBytes = sizes[point.id]
            return report
        }
        strays = listing.unreadable.map { Stray(file: $0.key, reason: $0.reason) }
        let places = stores.count > 1 ? listing.strayStores : [:]
        strays += listing.orphans.map { Stray($0, places[$0.key], reason: "no manifest names it") }
        strays += listing.safetyCopies.map { Stray($0, places[$0.key], reason: "what Redis held before a restore") }
    }

    /// Set when there are manifests and none of them says anything.
    var failure: BackupError? {
        guard backups.isEmpty, let first = unreadable.first else { return nil }
        return BackupError(
            .failed, "no manifest of \(unreadable.count) in \(place) can be read: \(first.reason)",
            hint: "The dumps beside them can still be checked and restored: name their files to `db verify-backup` and `db restore`.")
    }

    private var place: String { stores.joined(separator: ", ") }

    /// What keeps a backup from being seen stands before those that are seen.
    func text(_ style: TextStyle) -> String {
        [
            unreadableText(style), contradictionsText(style), backupsText(style), files(orphans, "Dumps that no manifest names:", style),
            files(safetyCopies, "What Redis held before it was restored into, kept until somebody deletes it:", style),
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func unreadableText(_ style: TextStyle) -> String {
        guard !unreadable.isEmpty else { return "" }
        let heading = "\(unreadable.count.counted("manifest")) cannot be read:"
        return ([style.alarm(heading)] + unreadable.map { "  " + $0.reason + remedy(for: $0) }).joined(separator: "\n")
    }

    /// Nothing is lost where another store has the same.
    private func remedy(for manifest: UnreadableManifest) -> String {
        guard let store = manifest.tornIn else { return "" }
        guard backups.contains(where: { ArtifactName.manifest($0.id) == manifest.key }) else {
            return manifest.isOf.map { "; if nothing in \(store) has the name \(ArtifactName.manifest($0)), give it that one back" } ?? ""
        }
        return "; another store has this backup: `call-center-admin db sync` holds the files in \(store) against it and writes it anew"
    }

    private func contradictionsText(_ style: TextStyle) -> String {
        contradictions.map { style.alarm("\($0)") + ". " + $0.remedy }.joined(separator: "\n")
    }

    private func backupsText(_ style: TextStyle) -> String {
        guard !backups.isEmpty else { return unreadable.isEmpty ? "No backups in \(place)." : "" }
        // Nothing is said of blocks where no backup has any in common with an older one.
        let showsSharing = backups.contains { ($0.physicalBytes ?? 0) < $0.presentBytes }
        let columns: [String] =
            ["ID", "TAKEN", "STORED", "SIZE"] + (showsSharing ? ["ON DISK"] : []) + ["HOLDS"] + (stores.count > 1 ? ["COPIES"] : [])
        return TextTable(columns + ["VERIFIED"], rows: backups.map { row($0, showsSharing) }).text(style)
    }

    private func row(_ backup: RecoveryPointReport, _ showsSharing: Bool) -> [String] {
        var row = [
            backup.id.description, backup.startedAt.display(asOf: now), "in \(backup.duration.precisely)", "\(ByteSize(backup.bytes))",
        ]
        if showsSharing { row.append("\(ByteSize(backup.physicalBytes ?? 0))") }
        row.append(backup.databasesText)
        if stores.count > 1 { row.append(backup.copiesText(of: stores)) }
        return row + [backup.state]
    }

    private func files(_ files: [StoredObject], _ heading: String, _ style: TextStyle) -> String {
        guard !files.isEmpty else { return "" }
        let lines = files.map { "  \($0.key) (\(ByteSize($0.bytes)))" + place(of: $0) }
        return ([style.doubtful(heading)] + lines).joined(separator: "\n")
    }

    private func place(of stray: StoredObject) -> String {
        guard stores.count > 1, let places = strayStores[stray.key] else { return "" }
        return " in " + places.joined(separator: ", ")
    }
}

extension ListReport.Stray {
    fileprivate init(_ file: StoredObject, _ stores: [String]?, reason: String) {
        self.init(file: file.key, bytes: file.bytes, modifiedAt: file.modifiedAt, reason: reason, stores: stores)
    }
}
