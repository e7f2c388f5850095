import RDBFormat

/// Every event as a line of text. The parts of a string are put together, because their cuts are not promised.
struct EventLog: RDBReceiver {
    private(set) var lines: [String] = []
    private var parts: [UInt8] = []
    private(set) var unknown: RDBUnknown?
    private(set) var ends: [RDBKeyEnd] = []

    mutating func receive(_ event: RDBEvent) {
        switch event {
        case .stringPart(let part, let isLast):
            parts.append(contentsOf: part)
            guard isLast else { return }
            lines.append("string \(hex(parts))")
            parts = []
        case .notUnderstood(let unknown):
            self.unknown = unknown
            lines.append("not understood \(unknown)")
        case .keyEnd(let end):
            ends.append(end)
            lines.append("end of key \(end)")
        default: lines.append(text(event))
        }
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0, radix: 16) }.joined(separator: ".")
    }

    // Buffers have to be read now: an event's own description would show where they are in memory.
    private func text(_ event: RDBEvent) -> String {
        switch event {
        case .auxiliary(let name, let value): "auxiliary \(hex(name)) \(hex(value))"
        case .slotImport(let job): "slot import \(hex(job))"
        case .function(let code): "function \(hex(code))"
        case .preReleaseFunctionPart(let part, let bytes): "function \(part) \(hex(bytes))"
        case .key(let key):
            "key \(hex(key.name)) \(key.type) \(key.expiresAt ?? -1) \(key.idle ?? 0) \(key.frequency ?? 0)"
        case .listElement(let bytes): "list \(hex(bytes))"
        case .setMember(let bytes): "set \(hex(bytes))"
        case .sortedSetMember(let bytes, let score): "sorted set \(hex(bytes)) \(score)"
        case .hashField(let field, let value, let expiresAt): "hash \(hex(field)) \(hex(value)) \(expiresAt ?? -1)"
        case .arrayElement(let index, let bytes): "array \(index) \(hex(bytes))"
        case .moduleValue(.string(let bytes)): "module string \(hex(bytes))"
        case .stream(let event): text(event)
        default: "\(event)"
        }
    }

    private func text(_ event: RDBStreamEvent) -> String {
        switch event {
        case .field(let name, let value): "field \(hex(name)) \(hex(value))"
        case .group(let name, let last, let entriesRead): "group \(hex(name)) \(last) \(entriesRead ?? 0)"
        case .consumer(let name, let seenAt, let activeAt): "consumer \(hex(name)) \(seenAt) \(activeAt ?? -1)"
        case .producer(let name): "producer \(hex(name))"
        case .producedMessage(let name, let id): "message \(hex(name)) \(id)"
        default: "\(event)"
        }
    }
}
