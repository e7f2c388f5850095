import RDBFormat

/// The content of a file in the form of librdb's `data` documents.
struct JSONRenderer: RDBReceiver {
    private(set) var databases: [[String: JSON]] = []
    private(set) var auxiliary: [String: JSON] = [:]
    private(set) var functions: [JSON] = []
    private(set) var slots: [String: JSON] = [:]
    private(set) var sizes: [String: JSON] = [:]
    /// Unix milliseconds, by key.
    private(set) var expiries: [String: Int64] = [:]
    private(set) var ends: [String: RDBKeyEnd] = [:]

    private var key = ""
    private var module = ""
    private var text: [UInt8] = []
    private var list: [JSON] = []
    private var members: [String: JSON] = [:]
    private var stream = StreamRenderer()

    var document: JSON {
        var all = databases.reduce(into: [:]) { $0.merge($1) { _, later in later } }
        all["__aux__"] = .object(auxiliary)
        all["__slotinfo__"] = .object(slots)
        all["__dbsize__"] = .object(sizes)
        return .object(all)
    }

    mutating func receive(_ event: RDBEvent) {
        switch event {
        case .auxiliary(let name, let value): auxiliary[string(name)] = JSON(value)
        case .database: databases.append([:])
        case .sizeHint(let keys, let expiring): sizes = ["size": .number(Double(keys)), "expires": .number(Double(expiring))]
        case .slot(let slot):
            slots = [
                "slotId": .number(Double(slot.slot)), "slotSize": .number(Double(slot.keys)),
                "slotSExpiresSize": .number(Double(slot.expiring)),
            ]
        case .function(let code): functions.append(JSON(code))
        case .key(let key): begin(key)
        case .stringPart(let part, _): text.append(contentsOf: part)
        case .listElement(let element), .setMember(let element): list.append(JSON(element))
        case .sortedSetMember(let member, let score): members[string(member)] = .number(score)
        case .hashField(let field, let value, _): members[string(field)] = JSON(value)
        case .stream(let event): stream.receive(event)
        case .module(let module): self.module = module.name
        case .keyEnd(let end): finish(end)
        default: break
        }
    }

    private mutating func begin(_ key: RDBKey) {
        self.key = string(key.name)
        expiries[self.key] = key.expiresAt
        (text, list, members, stream) = ([], [], [:], StreamRenderer())
    }

    private mutating func finish(_ end: RDBKeyEnd) {
        ends[key] = end
        let value: JSON =
            switch end.type.kind {
            case .string: JSON(text)
            case .list, .set: .array(list)
            case .sortedSet, .hash, .array: .object(members)
            case .stream: stream.document
            // The marker that ends the module's values is counted by librdb, and so is its number.
            case .module: .text("<Content of Module '\(module)'. Occupies a serialized size of \(end.value.count) bytes>")
            }
        if databases.isEmpty { databases.append([:]) }
        databases[databases.count - 1][key] = value
    }
}

func string(_ bytes: some Sequence<UInt8>) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}

/// A stream with all that librdb says about it.
struct StreamRenderer {
    private var members: [String: JSON] = [:]
    private var entries: [JSON] = []
    private var entry: (id: RDBStreamID, fields: [String: JSON])?
    private var groups: [[String: JSON]] = []
    private var pending: [JSON] = []
    private var consumers: [[String: JSON]] = []
    private var owned: [JSON] = []

    var document: JSON {
        var copy = self
        copy.endGroup()
        copy.members["groups"] = .array(copy.groups.map { .object($0) })
        return .object(copy.members)
    }

    mutating func receive(_ event: RDBStreamEvent) {
        switch event {
        case .entry(let id, _):
            endEntry()
            entry = (id, [:])
        case .field(let name, let value): entry?.fields[string(name)] = JSON(value)
        case .state(let state): render(state)
        case .group(let name, let last, let entriesRead):
            endGroup()
            groups.append(["name": JSON(name), "lastid": text(last), "entriesRead": .number(Double(entriesRead ?? 0))])
        case .pending(let id, let deliveredAt, let deliveries):
            pending.append(.object(["sent": .number(Double(deliveredAt)), "id": text(id), "count": .number(Double(deliveries))]))
        case .consumer(let name, let seenAt, let activeAt):
            endConsumer()
            consumers.append([
                "name": JSON(name), "activeTime": .number(Double(activeAt ?? seenAt)), "seenTime": .number(Double(seenAt)),
            ])
        case .consumerPending(let id): owned.append(.object(["id": text(id)]))
        default: break
        }
    }

    private func text(_ id: RDBStreamID) -> JSON { .text("\(id.milliseconds)-\(id.sequence)") }

    private mutating func endEntry() {
        if let entry { entries.append(.object(["id": text(entry.id), "items": .object(entry.fields)])) }
        entry = nil
    }

    private mutating func render(_ state: RDBStreamState) {
        endEntry()
        members = [
            "entries": .array(entries), "length": .number(Double(state.length)), "lastID": text(state.last),
            "firstID": state.first.map(text) ?? .text(""), "maxDelEntryID": state.maximumDeleted.map(text) ?? .text(""),
            "entriesAdded": .number(Double(state.entriesAdded ?? 0)),
        ]
    }

    private mutating func endConsumer() {
        if !owned.isEmpty { consumers[consumers.count - 1]["pending"] = .array(owned) }
        owned = []
    }

    private mutating func endGroup() {
        endConsumer()
        if !pending.isEmpty { groups[groups.count - 1]["pending"] = .array(pending) }
        if !consumers.isEmpty { groups[groups.count - 1]["consumers"] = .array(consumers.map { .object($0) }) }
        (pending, consumers) = ([], [])
    }
}
