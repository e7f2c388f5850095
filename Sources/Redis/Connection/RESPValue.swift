/// One reply of a server (Redis documentation, "Redis serialization protocol specification", version 2).
package enum RESPValue: Sendable, Equatable {
    case simple(String)
    case error(RedisError)
    case integer(Int64)
    case bulk([UInt8])
    case array([RESPValue])
    case null

    /// The bytes of a string, whichever way it was sent.
    package var bytes: [UInt8]? {
        switch self {
        case .simple(let text): Array(text.utf8)
        case .bulk(let bytes): bytes
        default: nil
        }
    }

    /// A string that people are meant to read; bytes that are no UTF-8 come out as replacement characters.
    package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    package var integer: Int64? {
        guard case .integer(let number) = self else { return nil }
        return number
    }

    package var elements: [RESPValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
