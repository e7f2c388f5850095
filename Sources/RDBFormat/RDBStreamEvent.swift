/// The two halves of a stream entry's ID.
package struct RDBStreamID: Sendable, Equatable, Comparable {
    package var milliseconds: UInt64
    package var sequence: UInt64

    package init(milliseconds: UInt64, sequence: UInt64) {
        self.milliseconds = milliseconds
        self.sequence = sequence
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
    }
}

/// A part of a stream: first its entries, then its state, then each group with what is pending and its consumers. Times are Unix times in
/// milliseconds.
package enum RDBStreamEvent {
    /// `fields` fields follow. Deleted entries that still take up room in the file are left out.
    case entry(RDBStreamID, fields: Int)
    case field(UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)
    case state(RDBStreamState)
    /// `entriesRead` is nil before type 19 (Redis 7.0).
    case group(UnsafeRawBufferPointer, last: RDBStreamID, entriesRead: UInt64?)
    case pending(RDBStreamID, deliveredAt: Int64, deliveries: UInt64)
    /// `activeAt` is nil before type 21 (Redis 7.2).
    case consumer(UnsafeRawBufferPointer, seenAt: Int64, activeAt: Int64?)
    case consumerPending(RDBStreamID)
    /// Pending again, without a consumer (Redis 8.8).
    case released(RDBStreamID)
    /// How repeated messages are recognised (Redis 8.6).
    case idempotence(duration: UInt64, maximumEntries: UInt64)
    case producer(UnsafeRawBufferPointer)
    case producedMessage(UnsafeRawBufferPointer, RDBStreamID)
    case idempotenceCounts(added: UInt64, duplicates: UInt64)
}

package struct RDBStreamState: Sendable, Equatable {
    package var length: UInt64
    package var last: RDBStreamID
    /// These three are nil before type 19 (Redis 7.0).
    package var first: RDBStreamID?
    package var maximumDeleted: RDBStreamID?
    package var entriesAdded: UInt64?
}
