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
    private let now: Instant

    private enum CodingKeys: CodingKey { case folder, backups, strays }

    init(_ listing: CatalogListing, folder: String, now: Instant) {
        self.folder = folder
        self.now = now
        backups = listing.points.map { RecoveryPointReport($0, now: now) }
        strays = listing.unreadable.map { Stray(file: $0.key, reason: $0.reason) }
        strays += listing.orphans.map { Stray(file: $0.key, bytes: $0.bytes, modifiedAt: $0.modifiedAt, reason: "no manifest names it") }
    }

    func text(_ style: TextStyle) -> String {
        let rows = backups.map { backup in
            [
                backup.id.description, backup.startedAt.display(asOf: now), "\(ByteSize(backup.bytes))", backup.duration.precisely,
                backup.databases.joined(separator: ", "), backup.state,
            ]
        }
        var parts: [String] = []
        parts.append(
            rows.isEmpty
                ? "No backups in \(folder)." : TextTable("ID", "TAKEN", "SIZE", "TOOK", "DATABASES", "STATE", rows: rows).text(style))
        if !strays.isEmpty {
            let lines = strays.map { stray in
                "  " + (stray.bytes.map { "\(stray.file) (\(ByteSize($0))): \(stray.reason)" } ?? stray.reason)
            }
            parts.append(([style.doubtful("Other files:")] + lines).joined(separator: "\n"))
        }
        return parts.joined(separator: "\n\n")
    }
}
