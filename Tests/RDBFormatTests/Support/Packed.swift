/// Writes the packed encodings, for tests.
enum Packed {
    enum Item: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text([UInt8])
        case number(Int64)

        init(stringLiteral text: String) { self = .text(Array(text.utf8)) }
        init(integerLiteral number: Int64) { self = .number(number) }
    }

    static func listpack(_ items: [Item]) -> [UInt8] {
        let body = items.flatMap { item in
            let element = listpackElement(item)
            return element + lengthBehind(element.count)
        }
        let count = UInt16(min(items.count, 65_535))
        return RDBFile.littleEndian(UInt32(body.count + 7)) + RDBFile.littleEndian(count) + body + [0xFF]
    }

    private static func listpackElement(_ item: Item) -> [UInt8] {
        switch item {
        case .number(let value): listpackNumber(value)
        case .text(let text): listpackHeader(text.count) + text
        }
    }

    private static func listpackHeader(_ count: Int) -> [UInt8] {
        switch count {
        case ..<64: [0x80 | UInt8(count)]
        case ..<4_096: [0xE0 | UInt8(count >> 8), UInt8(count & 0xFF)]
        default: [0xF0] + RDBFile.littleEndian(UInt32(count))
        }
    }

    private static func listpackNumber(_ value: Int64) -> [UInt8] {
        switch value {
        case 0..<128: [UInt8(value)]
        case -4_096..<4_096: [0xC0 | UInt8((value >> 8) & 0x1F), UInt8(truncatingIfNeeded: value)]
        case Int64(Int16.min)...Int64(Int16.max): [0xF1] + RDBFile.littleEndian(Int16(value))
        case -(1 << 23)..<(1 << 23): [0xF2] + RDBFile.littleEndian(Int32(value)).prefix(3)
        case Int64(Int32.min)...Int64(Int32.max): [0xF3] + RDBFile.littleEndian(Int32(value))
        default: [0xF4] + RDBFile.littleEndian(value)
        }
    }

    private static func lengthBehind(_ length: Int) -> [UInt8] {
        let bytes =
            switch length {
            case ...127: 1
            case ..<16_383: 2
            case ..<2_097_151: 3
            case ..<268_435_455: 4
            default: 5
            }
        return (0..<bytes).reversed().map { shift in
            UInt8(truncatingIfNeeded: length >> (7 * shift)) & 0x7F | (shift == bytes - 1 ? 0 : 0x80)
        }
    }

    static func ziplist(_ items: [Item]) -> [UInt8] {
        var body: [UInt8] = []
        var last = 0
        var lastStart = 10
        for item in items {
            let before = last < 254 ? [UInt8(last)] : [0xFE] + RDBFile.littleEndian(UInt32(last))
            let element = before + ziplistElement(item)
            lastStart = 10 + body.count
            last = element.count
            body += element
        }
        return RDBFile.littleEndian(UInt32(body.count + 11)) + RDBFile.littleEndian(UInt32(lastStart))
            + RDBFile.littleEndian(UInt16(min(items.count, 65_535))) + body + [0xFF]
    }

    private static func ziplistElement(_ item: Item) -> [UInt8] {
        switch item {
        case .text(let text): ziplistHeader(text.count) + text
        case .number(let value): ziplistNumber(value)
        }
    }

    private static func ziplistHeader(_ count: Int) -> [UInt8] {
        switch count {
        case ..<64: [UInt8(count)]
        case ..<16_384: [0x40 | UInt8(count >> 8), UInt8(count & 0xFF)]
        default: [0x80] + RDBFile.bigEndian(UInt32(count))
        }
    }

    private static func ziplistNumber(_ value: Int64) -> [UInt8] {
        switch value {
        case 0...12: [0xF1 + UInt8(value)]
        case -128...127: [0xFE] + RDBFile.littleEndian(Int8(value))
        case Int64(Int16.min)...Int64(Int16.max): [0xC0] + RDBFile.littleEndian(Int16(value))
        case -(1 << 23)..<(1 << 23): [0xF0] + RDBFile.littleEndian(Int32(value)).prefix(3)
        case Int64(Int32.min)...Int64(Int32.max): [0xD0] + RDBFile.littleEndian(Int32(value))
        default: [0xE0] + RDBFile.littleEndian(value)
        }
    }

    static func intset<Value: FixedWidthInteger>(_ numbers: [Value]) -> [UInt8] {
        RDBFile.littleEndian(UInt32(Value.bitWidth / 8)) + RDBFile.littleEndian(UInt32(numbers.count))
            + numbers.flatMap { RDBFile.littleEndian($0) }
    }

    /// Values have `unused` bytes behind them.
    static func zipmap(_ pairs: [(String, String)], unused: Int = 0) -> [UInt8] {
        let length = { (count: Int) -> [UInt8] in count < 254 ? [UInt8(count)] : [254] + RDBFile.littleEndian(UInt32(count)) }
        var body: [UInt8] = []
        for (field, value) in pairs {
            body += length(field.utf8.count) + Array(field.utf8)
            body += length(value.utf8.count) + [UInt8(unused)] + Array(value.utf8)
            body += [UInt8](repeating: 0, count: unused)
        }
        return [UInt8(min(pairs.count, 254))] + body + [0xFF]
    }

    /// A node whose first entry's fields are shared, with one entry of other fields and one that was deleted.
    static func streamNode() -> [UInt8] {
        listpack([
            2, 1, 2, "name", "age", 0,
            2, 0, 0, "Ann", 41, 5,
            0, 5, 3, 1, "other", "x", 6,
            3, 7, 0, "Bob", 17, 5,
        ])
    }
}
