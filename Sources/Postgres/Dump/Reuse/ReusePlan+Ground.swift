import DumpFormat

extension ReusePlan {
    /// What keeps a whole dump from being taken over; nil where its ground is this one's.
    static func obstacle(now: DumpIndex, earlier: DumpIndex) -> RereadReason? {
        guard let before = earlier.ground else { return .untoldBefore }
        guard let ground = now.ground else { return .untoldNow }
        if earlier.tool != now.tool { return .otherTool }
        return obstacle(now: now.source, earlier: earlier.source) ?? obstacle(now: ground, earlier: before)
            ?? (earlier.session != now.session ? .otherSettings : earlier.extensions != now.extensions ? .otherExtensions : nil)
    }

    private static func obstacle(now: DumpIndex.Source, earlier: DumpIndex.Source) -> RereadReason? {
        if earlier.systemIdentifier != now.systemIdentifier || earlier.serverVersion != now.serverVersion
            || earlier.serverVersionNumber != now.serverVersionNumber || earlier.isStandby != now.isStandby
        {
            return .otherServer
        }
        if earlier.database != now.database { return .otherDatabase }
        if earlier.encoding != now.encoding || earlier.collation != now.collation || earlier.characterType != now.characterType
            || earlier.localeProvider != now.localeProvider || earlier.locale != now.locale
        {
            return .otherEncoding
        }
        guard let before = LogPosition(earlier.lsn), let position = LogPosition(now.lsn), before <= position else { return .backwards }
        return nil
    }

    private static func obstacle(now: DumpIndex.Ground, earlier: DumpIndex.Ground) -> RereadReason? {
        if earlier.serverStartedAt != now.serverStartedAt { return .restarted }
        if earlier.countingSince != now.countingSince || earlier.checkpointerStartedAt != now.checkpointerStartedAt { return .crashed }
        if earlier.timeline != now.timeline { return .otherTimeline }
        if earlier.database != now.database { return .otherDatabase }
        guard earlier.xmin <= earlier.xmax, now.xmin <= now.xmax, earlier.xmin <= now.xmin, earlier.xmax <= now.xmax else {
            return .backwards
        }
        // The first three IDs of every 2^32 belong to no transaction; a snapshot with such an xmin is none.
        guard UInt32(truncatingIfNeeded: earlier.xmin) > 2 else { return .untoldBefore }
        return now.xmax - earlier.xmin < farthest ? nil : .tooFar
    }
}

/// A place in the write-ahead log, as `pg_lsn` prints it: two hexadecimal numbers of 32 bits.
struct LogPosition: Comparable {
    let bytes: UInt64

    init?(_ text: String) {
        let halves = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt32($0, radix: 16) }
        guard halves.count == 2, let high = halves[0], let low = halves[1] else { return nil }
        bytes = UInt64(high) << 32 | UInt64(low)
    }

    static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
}
