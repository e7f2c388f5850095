import BackupCatalog
import BackupModel
import DumpFormat
import Postgres
import Synchronization

/// What earlier dumps of a database lend to the next: the newest that was read and found whole its segments, and else the newest readable one the places
/// where its tables were cut. A dump that is damaged, missing or sealed only costs what it would have lent.
struct EarlierDumps {
    let catalogs: Catalogs
    let format: Artifact.Format
    /// Nil: everything is read.
    let rereadAfter: Duration?
    let identities: Identities
    let now: Instant
    /// Over one file while it is read.
    let watch: @Sendable () -> ReadWatch
    let silence: SilentStores

    struct Loan {
        var index: DumpIndex?
        var reuse: ReuseSource?
        /// The key of the file with that index, where what is written today may stand in it just so.
        var precedent: String?
        /// Why nothing may be taken over from any; nil where that is not so.
        var refusal: String?
        /// Why none lends rows, where there is any; nil where one does.
        var reason: String?
        /// Of the newest one nobody doubts, which the next will be about as long as.
        var bytes: Int64?
    }

    func find(of database: String) async -> Loan {
        let listing: CatalogListing
        do { listing = try await catalogs.list() } catch { return Loan(reason: "the backups before cannot be listed: \(error)") }
        var loan = await find(of: database, in: listing)
        let believed = listing.points.lazy.filter(\.isBelieved).flatMap(\.dumps)
        loan.bytes = believed.first { $0.database == database && $0.format == format }?.bytes
        return loan
    }

    private func find(of database: String, in listing: CatalogListing) async -> Loan {
        guard format != .custom else { return Loan() }
        let dumps = listing.points.flatMap { point in
            point.dumps.filter { $0.database == database && $0.format != .custom && !point.missing.contains($0.key) }.map { (point, $0) }
        }
        guard !dumps.isEmpty else { return Loan() }
        var reason = reasonOfNone(listing.points)
        if let rereadAfter, let oldest = listing.points.oldestLender {
            // The newest proved one alone: an older one lends less, and each that cannot be opened costs time.
            let proved = dumps.first { point, dump in
                dump.format == format && point.isProved(dump) && point.id >= oldest
            }
            if let (point, dump) = proved {
                do {
                    let (name, reader) = try await open(dump, of: point)
                    let source = ReuseSource(name: name, reader: reader, readSince: now + (.zero - rereadAfter))
                    return Loan(index: reader.index, reuse: source, precedent: precedent(dump))
                } catch { reason = "\(dump.key), the newest that was found whole, cannot be read: \(error)" }
            }
        }
        var loan = Loan(refusal: refusal(listing.points), reason: reason)
        for (point, dump) in dumps {
            guard let (_, reader) = try? await open(dump, of: point) else { continue }
            (loan.index, loan.precedent) = (reader.index, precedent(dump))
            break
        }
        return loan
    }

    /// Where the newest proved one does not come into it.
    private func reasonOfNone(_ points: [RecoveryPoint]) -> String {
        if rereadAfter == nil { return "everything was to be read (--full, or BACKUP_REREAD_DAYS is 0)" }
        if let doubted = doubted(points) { return "nobody has accepted \(doubted.id), which found rows that differ" }
        return "no backup before of the same format was read and found whole, or it is doubted"
    }

    private func doubted(_ points: [RecoveryPoint]) -> RecoveryPoint? { points.first { $0.difference != nil && $0.isSuspicious } }

    /// Each run says it anew: it costs every one of them, and who looks at the last one need not know of the first.
    private func refusal(_ points: [RecoveryPoint]) -> String? {
        guard rereadAfter != nil, let doubted = doubted(points) else { return nil }
        return "nothing is taken over from earlier backups: \(doubted.id) found rows that differ from those before it, and nobody has "
            + "accepted it; `call-center-admin db show \(doubted.id)` says which"
    }

    /// An encrypted file has none of the bytes it holds in it.
    private func precedent(_ dump: Artifact) -> String? { dump.encryption == nil && dump.format == format ? dump.key : nil }

    /// From the nearest store that gives it.
    /// - Throws: what the nearest one that was asked said.
    private func open(_ dump: Artifact, of point: RecoveryPoint) async throws -> (name: String, reader: DumpReader) {
        var refusal: (any Error)?
        for store in [point.store] + point.otherSoundStores {
            do { return try await open(dump, in: store) } catch { refusal = refusal ?? error }
        }
        throw refusal ?? BackupError(.artifactMissing, "no store has it")
    }

    private func open(_ dump: Artifact, in name: String) async throws -> (name: String, reader: DumpReader) {
        guard !silence.holds(name), let store = catalogs.catalog(of: name)?.store else {
            throw BackupError(.storeFailed, "\(name) does not answer")
        }
        var stored = StoredFile(dump.key, in: store, identities)
        stored.recipients = dump.encryption?.recipients ?? []
        do {
            let contents = try await stored.open(watch()).readable()
            let reader = try await DumpReader(byteCount: contents.byteCount) { try await contents.read(at: $0, count: $1) }
            return (stored.name, reader)
        } catch {
            // Whoever takes backups need not be able to open them.
            if (error as? BackupError)?.code == .stalled { silence.note(name) }
            throw error
        }
    }
}

/// Stores that fell silent while a file of theirs was read: nobody waits for them again in the same run.
final class SilentStores: Sendable {
    private let names = Mutex<Set<String>>([])

    func holds(_ store: String) -> Bool { names.withLock { $0.contains(store) } }

    func note(_ store: String) { names.withLock { _ = $0.insert(store) } }
}
