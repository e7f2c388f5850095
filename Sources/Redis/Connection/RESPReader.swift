import NIOCore

/// Makes replies out of bytes as they come, however they are cut. Pure: it waits for nothing and trusts nothing.
struct RESPReader {
    /// What a server may send in one reply. Nothing is allocated because a length was announced, only because bytes came.
    struct Limits {
        var lineBytes = 64 << 10
        /// All strings of one reply together. Nothing we ask for comes near it.
        var bulkBytes = 64 << 20
        var depth = 8
        /// Values in one reply, over all its arrays.
        var values = 1 << 20
    }

    private struct OpenArray {
        var missing: Int
        var elements: [RESPValue] = []
    }

    private enum Part {
        case value(RESPValue)
        case array(Int)
    }

    private let limits: Limits
    /// The arrays that are being filled, the outermost first.
    private var open: [OpenArray] = []
    private var awaitedBulk: Int?
    private var values = 0
    private var bulkBytes = 0

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether the next byte begins a reply.
    var isBetweenReplies: Bool { open.isEmpty && awaitedBulk == nil }

    /// Takes the next whole reply out of `buffer`; nil when more bytes have to come first.
    mutating func next(from buffer: inout ByteBuffer) throws(RESPError) -> RESPValue? {
        while let part = try nextPart(from: &buffer) {
            values += 1
            guard values <= limits.values else { throw .tooLarge }
            if let reply = try place(part) {
                (values, bulkBytes) = (0, 0)
                return reply
            }
        }
        return nil
    }

    /// Puts a part where it belongs; gives the reply that it completes.
    private mutating func place(_ part: Part) throws(RESPError) -> RESPValue? {
        var value: RESPValue
        switch part {
        case .value(let whole): value = whole
        case .array(0): value = .array([])
        case .array(let count):
            guard count <= limits.values, open.count < limits.depth else { throw .tooLarge }
            open.append(OpenArray(missing: count))
            return nil
        }
        while var array = open.popLast() {
            array.elements.append(value)
            array.missing -= 1
            guard array.missing == 0 else {
                open.append(array)
                return nil
            }
            value = .array(array.elements)
        }
        return value
    }

    private mutating func nextPart(from buffer: inout ByteBuffer) throws(RESPError) -> Part? {
        if let count = awaitedBulk { return try bulk(count, from: &buffer) }
        guard let line = try line(from: &buffer), let kind = line.first else { return nil }
        let rest = line.dropFirst()
        switch kind {
        case UInt8(ascii: "+"): return .value(.simple(String(decoding: rest, as: UTF8.self)))
        case UInt8(ascii: "-"): return .value(.error(RedisError(line: String(decoding: rest, as: UTF8.self))))
        case UInt8(ascii: ":"): return .value(.integer(try Self.number(rest)))
        case UInt8(ascii: "$"):
            guard let count = try length(rest, limit: limits.bulkBytes - bulkBytes) else { return .value(.null) }
            bulkBytes += count
            awaitedBulk = count
            return try bulk(count, from: &buffer)
        default:
            // Only an asterisk is left: `line(from:)` lets no other begin.
            return try length(rest, limit: limits.values).map { .array($0) } ?? .value(.null)
        }
    }

    private mutating func bulk(_ count: Int, from buffer: inout ByteBuffer) throws(RESPError) -> Part? {
        guard buffer.readableBytes >= count + 2, let bytes = buffer.readBytes(length: count) else { return nil }
        guard buffer.readBytes(length: 2) == Self.lineEnd else { throw .missingLineEnd }
        awaitedBulk = nil
        return .value(.bulk(bytes))
    }

    /// A whole line without its end; nil when it has not come yet.
    private func line(from buffer: inout ByteBuffer) throws(RESPError) -> [UInt8]? {
        let view = buffer.readableBytesView
        guard let first = view.first else { return nil }
        guard Self.kinds.contains(first) else { throw .foreignByte(first) }
        guard let end = view.prefix(limits.lineBytes).firstIndex(of: UInt8(ascii: "\n")) else {
            if view.count >= limits.lineBytes { throw .tooLarge }
            return nil
        }
        let count = end - view.startIndex
        guard let line = buffer.readBytes(length: count), buffer.readBytes(length: 1) != nil, line.last == UInt8(ascii: "\r") else {
            throw .missingLineEnd
        }
        return line.dropLast()
    }

    /// A length between 0 and `limit`, nil for the -1 that stands for "nothing".
    private func length(_ digits: some Collection<UInt8>, limit: Int) throws(RESPError) -> Int? {
        let number = try Self.number(digits)
        if number == -1 { return nil }
        guard number >= 0 else { throw .malformedNumber }
        guard number <= limit else { throw .tooLarge }
        return Int(number)
    }

    private static func number(_ digits: some Collection<UInt8>) throws(RESPError) -> Int64 {
        guard let number = Int64(String(decoding: digits, as: UTF8.self)) else { throw .malformedNumber }
        return number
    }

    private static let kinds = Set("+-:$*".utf8)
    private static let lineEnd = Array("\r\n".utf8)
}

extension [UInt8] {
    fileprivate func dropLast() -> [UInt8] { Array(self[..<(endIndex - 1)]) }
}
