import BackupCatalog
import BackupModel
import DumpFormat
import Postgres

/// What earlier dumps of a database lend to the next: the newest that was read and found whole its segments, and else the newest readable one the places
/// where its tables were cut. A dump that is damaged, missing or sealed only costs what it would have lent.
struct EarlierDumps {
    let catalogs: Catalogs
    let format: Artifact.Format
    /// Nil: everything is read.
    let rereadAfter: Duration?
    let identities: Identities
    let now: Instant

    struct Loan {
        var index: DumpIndex?
        var reuse: ReuseSource?
    }

    func find(of database: String) async -> Loan {
        guard format != .custom, let listing = try? await catalogs.list() else { return Loan() }
        let dumps = listing.points.flatMap { point in
            point.dumps.filter { $0.database == database && $0.format != .custom && !point.missing.contains($0.key) }.map { (point, $0) }
        }
        if let rereadAfter, let oldest = oldestLender(in: listing.points) {
            // The newest proved one alone: an older one lends less, and each that cannot be opened costs time.
            let proved = dumps.first { point, dump in
                dump.format == format && point.isProved(dump) && point.id >= oldest
            }
            if let (point, dump) = proved, let (name, reader) = await open(dump, of: point) {
                let source = ReuseSource(name: name, reader: reader, readSince: now + (.zero - rereadAfter))
                return Loan(index: reader.index, reuse: source)
            }
        }
        for (point, dump) in dumps {
            if let (_, reader) = await open(dump, of: point) { return Loan(index: reader.index) }
        }
        return Loan()
    }

    /// Where rows turned out not to be what the backup before had of them, nothing of that one and of older ones is believed any more; and nothing of any,
    /// before somebody has looked and accepted it.
    /// - Returns: nil where nothing may be taken over.
    private func oldestLender(in points: [RecoveryPoint]) -> RecoveryPointID? {
        guard let differing = points.first(where: { $0.difference != nil }) else { return points.last?.id }
        return points.contains { $0.difference != nil && $0.isSuspicious } ? nil : differing.id
    }

    private func open(_ dump: Artifact, of point: RecoveryPoint) async -> (name: String, reader: DumpReader)? {
        guard let store = catalogs.catalog(of: point.store)?.store else { return nil }
        var stored = StoredFile(dump.key, in: store, identities)
        stored.recipients = dump.encryption?.recipients ?? []
        // Whoever takes backups need not be able to open them.
        guard let file = try? await stored.open(), let contents = try? file.readable(),
            let reader = try? await DumpReader(byteCount: contents.byteCount, read: { try await contents.read(at: $0, count: $1) })
        else { return nil }
        return (stored.name, reader)
    }
}
