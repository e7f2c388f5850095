/// The digest of a stream: a sum over its parts, each with what it belongs to.
///
/// What older types do not say is taken as servers take it when they load them. Counters that only serve to compute a lag (`entries-read`),
/// and settings and statistics of idempotence, are left out.
struct StreamDigest {
    /// What a record is of, so that two kinds of records never have the same bytes.
    private enum Part: UInt64 { case entry = 1, state, group, pending, consumer, consumerPending, released, producer }

    private var entry: RDBStreamID?
    private var fields: UInt128 = 0
    private var fieldCount: UInt64 = 0
    /// The digests of the names of the group and of the consumer or producer that parts belong to.
    private var group: UInt128 = 0
    private var member: UInt128 = 0

    mutating func add(_ event: RDBStreamEvent, to value: inout ValueDigest) {
        switch event {
        case .entry(let id, _): beginEntry(id, &value)
        case .field(let name, let content): addField(name, content)
        case .state(let state): addState(state, &value)
        case .group(let name, let last, _): beginGroup(name, last, &value)
        case .pending(let id, let time, let deliveries):
            value.addBeside(digest(.pending, group, id, UInt64(bitPattern: time), deliveries))
        case .consumer(let name, let seenAt, let activeAt): beginConsumer(name, seenAt, activeAt ?? seenAt, &value)
        case .consumerPending(let id): value.addBeside(digest(.consumerPending, member, id, 0, 0))
        case .released(let id): value.addBeside(digest(.released, group, id, 0, 0))
        case .producer(let name): member = XXH3.digest(name)
        case .producedMessage(let message, let id): addMessage(message, id, &value)
        case .idempotence, .idempotenceCounts: break
        }
    }

    private mutating func beginEntry(_ id: RDBStreamID, _ value: inout ValueDigest) {
        endEntry(&value)
        entry = id
        fields = 0
        fieldCount = 0
    }

    private mutating func addField(_ name: UnsafeRawBufferPointer, _ content: UnsafeRawBufferPointer) {
        fields &+= XXH3.digest(name, seed: 2 * fieldCount) &+ XXH3.digest(content, seed: 2 * fieldCount + 1)
        fieldCount += 1
    }

    private mutating func endEntry(_ value: inout ValueDigest) {
        guard let id = entry else { return }
        value.add(digest(.entry, fields, id, fieldCount, 0))
        entry = nil
    }

    private mutating func addState(_ state: RDBStreamState, _ value: inout ValueDigest) {
        endEntry(&value)
        let deleted = state.maximumDeleted ?? RDBStreamID(milliseconds: 0, sequence: 0)
        let deletedHalves = UInt128(deleted.milliseconds) << 64 | UInt128(deleted.sequence)
        value.addBeside(digest(.state, deletedHalves, state.last, state.entriesAdded ?? state.length, 0))
    }

    private mutating func beginGroup(_ name: UnsafeRawBufferPointer, _ last: RDBStreamID, _ value: inout ValueDigest) {
        group = XXH3.digest(name)
        value.addBeside(digest(.group, group, last, 0, 0))
    }

    private mutating func beginConsumer(_ name: UnsafeRawBufferPointer, _ seenAt: Int64, _ activeAt: Int64, _ value: inout ValueDigest) {
        member = XXH3.digest(record: (group.low, group.high, XXH3.digest(name).low, XXH3.digest(name).high))
        let times = RDBStreamID(milliseconds: UInt64(bitPattern: seenAt), sequence: UInt64(bitPattern: activeAt))
        value.addBeside(digest(.consumer, member, times, 0, 0))
    }

    private mutating func addMessage(_ message: UnsafeRawBufferPointer, _ id: RDBStreamID, _ value: inout ValueDigest) {
        let name = XXH3.digest(message)
        value.addBeside(digest(.producer, member, id, name.low, name.high))
    }

    private func digest(_ part: Part, _ owner: UInt128, _ id: RDBStreamID, _ first: UInt64, _ second: UInt64) -> UInt128 {
        XXH3.digest(record: (part.rawValue, owner.low, owner.high, id.milliseconds, id.sequence, first, second))
    }
}
