import BackupModel
import DumpFormat

/// When what may be taken over was read: not too long ago, and not after today's snapshot was taken.
struct ReadSpan: Sendable, Equatable {
    private let instants: ClosedRange<Instant>

    /// - Parameters:
    ///   - first: what was read before is read again.
    ///   - startedAt: of today's dump, ISO 8601.
    init(since first: Instant, startedAt: String) {
        instants = first...max(first, Instant(iso8601: startedAt) ?? first)
    }

    /// - Parameter readAt: of a segment or a part of the script; nil: in the dump's own snapshot.
    func contains(_ readAt: String?, of dump: DumpIndex) -> Bool {
        Self.instant(readAt, of: dump).map(instants.contains) == true
    }

    /// Whether it was read at a time that is still to come.
    func isBefore(_ readAt: String?, of dump: DumpIndex) -> Bool {
        Self.instant(readAt, of: dump).map { $0 > instants.upperBound } == true
    }

    private static func instant(_ readAt: String?, of dump: DumpIndex) -> Instant? { Instant(iso8601: readAt ?? dump.source.startedAt) }
}
