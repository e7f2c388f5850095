/// Streams, types 1 to 5.
extension RDBReader {
    private var version: Int { context.type.streamVersion }

    mutating func readStream(_ part: RDBStreamStep) throws(Interruption) {
        switch part {
        case .nodes(let count): try readNodes(count)
        case .state: try readState()
        case .groups: try readGroup()
        case .pending(let count): try readPending(count)
        case .consumers: try readConsumer()
        case .consumerPending(let count): try readConsumerPending(count)
        case .released(let count): try readReleased(count)
        case .idempotence: try readIdempotence()
        case .producers(let count): try readProducer(count)
        case .producedMessages(let count, let producers): try readProducedMessages(count, producers: producers)
        case .idempotenceCounts: try readIdempotenceCounts()
        }
    }

    private mutating func readNodes(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            let key = try string(first)
            guard key.count == 16 else { throw .malformed("16 bytes as the ID of a stream node, found \(key.count)") }
            let id = RDBStreamID(bigEndian: key)
            try giveNode(try string(second), from: id)
            left -= 1
            commit(.stream(.nodes(left)))
        }
        step = .stream(.state)
    }

    private mutating func readState() throws(Interruption) {
        var state = RDBStreamState(length: try input.length(), last: try streamID())
        if version >= 2 {
            state.first = try streamID()
            state.maximumDeleted = try streamID()
            state.entriesAdded = try input.length()
        }
        let groups = try input.length()
        receiver.receive(.stream(.state(state)))
        context.groups = groups
        step = .stream(.groups)
    }

    private mutating func readGroup() throws(Interruption) {
        guard context.groups > 0 else { return step = version >= 4 ? .stream(.idempotence) : .keyEnd }
        let name = try string(first)
        let last = try streamID()
        let entriesRead = version >= 2 ? try input.length() : nil
        let pending = try input.length()
        receiver.receive(.stream(.group(name, last: last, entriesRead: entriesRead)))
        context.groups -= 1
        step = .stream(.pending(pending))
    }

    private mutating func readPending(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            let id = RDBStreamID(bigEndian: try input.take(16))
            let time = try input.littleEndian(Int64.self)
            receiver.receive(.stream(.pending(id, deliveredAt: time, deliveries: try input.length())))
            left -= 1
            commit(.stream(.pending(left)))
        }
        context.consumers = try input.length()
        step = .stream(.consumers)
    }

    private mutating func readConsumer() throws(Interruption) {
        guard context.consumers > 0 else { return try endConsumers() }
        let name = try string(first)
        let seenAt = try input.littleEndian(Int64.self)
        let activeAt = version >= 3 ? try input.littleEndian(Int64.self) : nil
        let pending = try input.length()
        receiver.receive(.stream(.consumer(name, seenAt: seenAt, activeAt: activeAt)))
        context.consumers -= 1
        step = .stream(.consumerPending(pending))
    }

    private mutating func endConsumers() throws(Interruption) {
        step = version >= 5 ? .stream(.released(try input.length())) : .stream(.groups)
    }

    private mutating func readConsumerPending(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            receiver.receive(.stream(.consumerPending(RDBStreamID(bigEndian: try input.take(16)))))
            left -= 1
            commit(.stream(.consumerPending(left)))
        }
        step = .stream(.consumers)
    }

    private mutating func readReleased(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            receiver.receive(.stream(.released(RDBStreamID(bigEndian: try input.take(16)))))
            left -= 1
            commit(.stream(.released(left)))
        }
        step = .stream(.groups)
    }

    private mutating func readIdempotence() throws(Interruption) {
        let duration = try input.length()
        let maximum = try input.length()
        let producers = try input.length()
        receiver.receive(.stream(.idempotence(duration: duration, maximumEntries: maximum)))
        step = .stream(.producers(producers))
    }

    private mutating func readProducer(_ count: UInt64) throws(Interruption) {
        guard count > 0 else { return step = .stream(.idempotenceCounts) }
        let name = try string(first)
        let messages = try input.length()
        receiver.receive(.stream(.producer(name)))
        step = .stream(.producedMessages(messages, producers: count - 1))
    }

    private mutating func readProducedMessages(_ count: UInt64, producers: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            let message = try string(first)
            receiver.receive(.stream(.producedMessage(message, try streamID())))
            left -= 1
            commit(.stream(.producedMessages(left, producers: producers)))
        }
        step = .stream(.producers(producers))
    }

    private mutating func readIdempotenceCounts() throws(Interruption) {
        receiver.receive(.stream(.idempotenceCounts(added: try input.length(), duplicates: try input.length())))
        step = .keyEnd
    }

    private mutating func streamID() throws(Interruption) -> RDBStreamID {
        RDBStreamID(milliseconds: try input.length(), sequence: try input.length())
    }
}

// MARK: Nodes

/// A node is a listpack. It begins with what its entries share: how many there are, how many of them are deleted, the fields of the first one,
/// a zero. An entry is its flags, its ID as two differences to the node's, its fields unless they are the shared ones, its values, and how
/// many elements that was.
extension RDBReader {
    private mutating func giveNode(_ blob: UnsafeRawBufferPointer, from id: RDBStreamID) throws(Interruption) {
        var elements = try Listpack(blob)
        let live = try number(&elements)
        let deleted = try number(&elements)
        let (total, overflow) = live.addingReportingOverflow(deleted)
        let sharedCount = Int(try number(&elements))
        guard live >= 0, deleted >= 0, !overflow, sharedCount >= 0 else { throw .malformed("the counts of a stream node") }
        let shared = elements
        for _ in 0..<sharedCount { _ = try element(&elements) }
        guard try number(&elements) == 0 else { throw .malformed("a zero behind the fields of a stream node") }
        var left = total
        while let flags = try elements.next() {
            guard left > 0 else { throw .malformed("\(total) entries in a stream node") }
            left -= 1
            let entry = StreamEntryShape(flags: try flags.integer("flags"), shared: shared, sharedCount: sharedCount)
            try giveEntry(entry, from: id, &elements)
        }
        guard left == 0 else { throw .malformed("\(total) entries in a stream node") }
    }

    private mutating func giveEntry(_ shape: StreamEntryShape, from base: RDBStreamID, _ elements: inout Listpack) throws(Interruption) {
        let id = RDBStreamID(
            milliseconds: base.milliseconds &+ UInt64(bitPattern: try number(&elements)),
            sequence: base.sequence &+ UInt64(bitPattern: try number(&elements)))
        let fields = shape.hasSharedFields ? shape.sharedCount : Int(try number(&elements))
        guard fields >= 0 else { throw .malformed("a number of fields, found \(fields)") }
        if !shape.isDeleted { receiver.receive(.stream(.entry(id, fields: fields))) }
        var names = shape.shared
        for _ in 0..<fields {
            let name = shape.hasSharedFields ? try element(&names) : try element(&elements)
            let value = try element(&elements)
            if shape.isDeleted { continue }
            receiver.receive(.stream(.field(name.bytes(in: first), value: value.bytes(in: third))))
        }
        let expected = shape.hasSharedFields ? 3 + fields : 4 + 2 * fields
        guard try number(&elements) == expected else { throw .malformed("\(expected) elements in a stream entry") }
    }

    private func element(_ elements: inout Listpack) throws(Interruption) -> PackedValue {
        guard let element = try elements.next() else { throw .malformed("another element in a stream node") }
        return element
    }

    private func number(_ elements: inout Listpack) throws(Interruption) -> Int64 {
        try element(&elements).integer("part of a stream node")
    }
}

private struct StreamEntryShape {
    var isDeleted: Bool
    var hasSharedFields: Bool
    var shared: Listpack
    var sharedCount: Int

    init(flags: Int64, shared: Listpack, sharedCount: Int) {
        isDeleted = flags & 1 != 0
        hasSharedFields = flags & 2 != 0
        self.shared = shared
        self.sharedCount = sharedCount
    }
}

extension RDBStreamID {
    /// Sixteen bytes, as the file has them where order matters.
    init(bigEndian bytes: UnsafeRawBufferPointer) {
        milliseconds = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        sequence = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
}
