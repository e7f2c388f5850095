/// Which keys of a file are to be restored.
package struct KeySelection: Sendable, Equatable {
    /// Nil: every key.
    package var pattern: KeyPattern?
    /// Nil: every database.
    package var database: UInt64?
    /// Of one master of a cluster; nil: every slot.
    var slots: SlotSet?

    package init(pattern: KeyPattern? = nil, database: UInt64? = nil) {
        self.pattern = pattern
        self.database = database
    }

    func includes(_ key: UnsafeRawBufferPointer, in database: UInt64) -> Bool {
        if let wanted = self.database, wanted != database { return false }
        if let pattern, !pattern.matches(key) { return false }
        if let slots { return slots.contains(KeySlot.of(key)) }
        return true
    }

    /// For messages: "keys call:* of database 2".
    package var description: String {
        let keys = pattern.map { "keys \($0.text)" } ?? "all keys"
        return database.map { "\(keys) of database \($0)" } ?? keys
    }
}

/// The slot a key has in a cluster (Redis documentation, "Redis cluster specification", "Key distribution model").
enum KeySlot {
    static func of(_ key: UnsafeRawBufferPointer) -> Int {
        Int(crc16(tag(of: key)) & 0x3FFF)
    }

    /// What stands between the first brace and the next closing one, when that is something.
    private static func tag(of key: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        else { return key[...] }
        return key[(open + 1)..<close]
    }

    /// CRC-16/XMODEM.
    private static func crc16(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt16 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ UInt16(byte) << 8) { sum, _ in sum & 0x8000 == 0 ? sum << 1 : sum << 1 ^ 0x1021 }
        }
    }
}

extension SlotSet {
    func contains(_ slot: Int) -> Bool { ranges.contains { $0.contains(slot) } }
}
