import BackupCatalog
import BackupModel

/// A folder's backups as they are printed.
struct ListReport: Report {
    struct Stray: Encodable {
        var file: String
        var bytes: Int64?
        var modifiedAt: Instant?
        var reason: String
    }

    var folder: String
    var backups: [RecoveryPointReport]
    /// Files that belong to no backup that can be read.
    var strays: [Stray]
    private let unreadable: [UnreadableManifest]
    private let orphans: [StoredObject]
    private let safetyCopies: [StoredObject]
    private let now: Instant

    private enum CodingKeys: CodingKey { case folder, backups, strays }

    init(_ listing: CatalogListing, folder: String, now: Instant) {
        self.folder = folder
        self.now = now
        unreadable = listing.unreadable
        orphans = listing.orphans
        safetyCopies = listing.safetyCopies
        backups = listing.points.map { RecoveryPointReport($0, now: now) }
        strays = listing.unreadable.map { Stray(file: $0.key, reason: $0.reason) }
        strays += listing.orphans.map { Stray($0, reason: "no manifest names it") }
        strays += listing.safetyCopies.map { Stray($0, reason: "what Redis held before a restore") }
    }

    /// Set when there are manifests and none of them says anything.
    var failure: BackupError? {
        guard backups.isEmpty, let first = unreadable.first else { return nil }
        return BackupError(
            .failed, "no manifest of \(unreadable.count) in \(folder) can be read: \(first.reason)",
            hint: "The dumps beside them can still be checked and restored: name their files to `db verify-backup` and `db restore`.")
    }

    /// What keeps a backup from being seen stands before those that are seen.
    func text(_ style: TextStyle) -> String {
        [
            unreadableText(style), backupsText(style), files(orphans, "Dumps that no manifest names:", style),
            files(safetyCopies, "What Redis held before it was restored into, kept until somebody deletes it:", style),
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private func unreadableText(_ style: TextStyle) -> String {
        guard !unreadable.isEmpty else { return "" }
        let heading = "\(unreadable.count.counted("manifest")) cannot be read:"
        return ([style.alarm(heading)] + unreadable.map { "  " + $0.reason }).joined(separator: "\n")
    }

    private func backupsText(_ style: TextStyle) -> String {
        guard !backups.isEmpty else { return unreadable.isEmpty ? "No backups in \(folder)." : "" }
        let rows = backups.map { backup in
            [
                backup.id.description, backup.startedAt.display(asOf: now), "in \(backup.duration.precisely)", "\(ByteSize(backup.bytes))",
                backup.databasesText, backup.state,
            ]
        }
        return TextTable("ID", "TAKEN", "STORED", "SIZE", "HOLDS", "VERIFIED", rows: rows).text(style)
    }

    private func files(_ files: [StoredObject], _ heading: String, _ style: TextStyle) -> String {
        guard !files.isEmpty else { return "" }
        let lines = files.map { "  \($0.key) (\(ByteSize($0.bytes)))" }
        return ([style.doubtful(heading)] + lines).joined(separator: "\n")
    }
}

extension ListReport.Stray {
    fileprivate init(_ file: StoredObject, reason: String) {
        self.init(file: file.key, bytes: file.bytes, modifiedAt: file.modifiedAt, reason: reason)
    }
}
