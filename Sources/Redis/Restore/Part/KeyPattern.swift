/// A pattern for keys as KEYS and SCAN take it: `*`, `?`, `[a-z]`, `[^a]`, `\` before a character that stands for itself. Bytes, not characters.
///
/// Follows `stringmatchlen` of Redis' `util.c` in what it takes a malformed pattern for, but takes no more time than the product of both lengths.
package struct KeyPattern: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case byte(UInt8)
        case anyByte
        case anyRun
        case oneOf([ClosedRange<UInt8>], isNegated: Bool)
    }

    package let text: String
    private let parts: [Part]

    package init(_ text: String) {
        self.text = text
        var rest = Array(text.utf8)[...]
        var parts: [Part] = []
        while let part = Self.nextPart(&rest) {
            if part != .anyRun || parts.last != .anyRun { parts.append(part) }
        }
        self.parts = parts
    }

    private static func nextPart(_ rest: inout ArraySlice<UInt8>) -> Part? {
        guard let first = rest.popFirst() else { return nil }
        switch first {
        case UInt8(ascii: "*"): return .anyRun
        case UInt8(ascii: "?"): return .anyByte
        case UInt8(ascii: "["): return set(&rest)
        case UInt8(ascii: "\\"): return .byte(rest.popFirst() ?? first)
        default: return .byte(first)
        }
    }

    /// A set that is not closed ends with the pattern.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Part {
        let isNegated = rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "]") {
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                ranges.append(escaped...escaped)
            } else if rest.count >= 2, rest.first == UInt8(ascii: "-") {
                let last = rest[rest.startIndex + 1]
                rest.removeFirst(2)
                ranges.append(min(byte, last)...max(byte, last))
            } else {
                ranges.append(byte...byte)
            }
        }
        return .oneOf(ranges, isNegated: isNegated)
    }
}

extension KeyPattern {
    package func matches(_ key: UnsafeRawBufferPointer) -> Bool {
        var (part, place) = (0, 0)
        // Where the last `*` stands, and how much of the key it takes so far: the only place to come back to.
        var (star, taken) = (-1, 0)
        while place < key.count {
            if part < parts.count, parts[part] == .anyRun {
                (star, taken) = (part, place)
                part += 1
            } else if part < parts.count, Self.fits(parts[part], key[place]) {
                part += 1
                place += 1
            } else if star >= 0 {
                taken += 1
                (part, place) = (star + 1, taken)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .anyRun }
    }

    private static func fits(_ part: Part, _ byte: UInt8) -> Bool {
        switch part {
        case .byte(let wanted): wanted == byte
        case .anyByte: true
        case .anyRun: false
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(byte) } != isNegated
        }
    }
}
