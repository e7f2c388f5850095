/// Why bytes are not a reply of Redis.
enum RESPError: Error, Equatable {
    /// A reply cannot begin with this byte.
    case foreignByte(UInt8)
    case malformedNumber
    case missingLineEnd
    /// A line, a string, an array or a nesting beyond what we take.
    case tooLarge
}

extension RESPError: CustomStringConvertible {
    var description: String {
        switch self {
        case .foreignByte(let byte): "a reply begins with byte 0x\(String(byte, radix: 16))"
        case .malformedNumber: "a reply's length is not a number"
        case .missingLineEnd: "a reply does not end where it should"
        case .tooLarge: "a reply is larger than anything we asked for"
        }
    }
}
