/// Values and nodes that stand in the file as one blob.
extension RDBReader {
    mutating func readBlob() throws(Interruption) {
        if context.type == .hashListpackEx { _ = try input.littleEndian(Int64.self) }
        let blob = try string(first)
        switch context.type {
        case .listZiplist: try giveList(Ziplist(blob))
        case .setIntset: try giveSet(Intset(blob))
        case .setListpack: try giveSet(Listpack(blob))
        case .sortedSetZiplist: try giveSortedSet(Ziplist(blob))
        case .sortedSetListpack: try giveSortedSet(Listpack(blob))
        case .hashZipmap: try giveHash(Zipmap(blob))
        case .hashZiplist: try giveHash(Ziplist(blob))
        case .hashListpack: try giveHash(Listpack(blob))
        case .hashListpackEx, .hashListpackExPreRelease: try giveExpiringHash(Listpack(blob))
        default: try giveTemplateHash(Listpack(blob))
        }
    }

    mutating func readQuicklist(_ count: UInt64) throws(Interruption) {
        var left = count
        while left > 0 {
            let container = context.type == .listQuicklist2 ? try input.length() : 2
            let node = try string(first)
            switch (context.type, container) {
            case (.listQuicklist2, 1): receiver.receive(.listElement(node))
            case (.listQuicklist2, 2): try giveList(Listpack(node))
            case (.listQuicklist2, _): throw .unknown(.quicklistContainer, code: container)
            default: try giveList(Ziplist(node))
            }
            left -= 1
            commit(.quicklist(left))
        }
        step = .keyEnd
    }

    // The blob stands in `first` if it was compressed, so the digits of numbers in it are written to `second` and `third`.

    private mutating func giveList(_ elements: consuming some PackedElements) throws(Interruption) {
        while let element = try elements.next() { receiver.receive(.listElement(element.bytes(in: second))) }
    }

    private mutating func giveSet(_ elements: consuming some PackedElements) throws(Interruption) {
        while let element = try elements.next() { receiver.receive(.setMember(element.bytes(in: second))) }
    }

    private mutating func giveSortedSet(_ elements: consuming some PackedElements) throws(Interruption) {
        while let member = try elements.next() {
            guard let score = try elements.next() else { throw .malformed("a score behind each member") }
            receiver.receive(.sortedSetMember(member.bytes(in: second), score: try score.score()))
        }
    }

    private mutating func giveHash(_ elements: consuming some PackedElements) throws(Interruption) {
        while let field = try elements.next() {
            guard let value = try elements.next() else { throw .malformed("a value behind each field") }
            receiver.receive(.hashField(field.bytes(in: second), value: value.bytes(in: third), expiresAt: nil))
        }
    }

    private mutating func giveHash(_ pairs: consuming Zipmap) throws(Interruption) {
        while let pair = try pairs.next() { receiver.receive(.hashField(pair.field, value: pair.value, expiresAt: nil)) }
    }

    /// Field, value, and 0 or the Unix milliseconds of its expiry.
    private mutating func giveExpiringHash(_ elements: consuming Listpack) throws(Interruption) {
        while let field = try elements.next() {
            guard let value = try elements.next(), let expiry = try elements.next() else {
                throw .malformed("a value and an expiry behind each field")
            }
            let expiresAt = try expiry.integer("a field's expiry")
            receiver.receive(
                .hashField(field.bytes(in: second), value: value.bytes(in: third), expiresAt: expiresAt == 0 ? nil : expiresAt))
        }
    }
}
