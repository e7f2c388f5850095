/// What is wrong with an RDB file, and where.
///
/// A file with a type or an opcode that this reader does not know is *not* wrong: see `RDBEvent.notUnderstood`.
package struct RDBFormatError: Error, Equatable {
    package var reason: Reason
    /// Bytes from the start of the file: where reading could not go on.
    package var offset: Int64
    /// The key whose value was being read, its first 256 bytes.
    package var key: [UInt8]?
    /// What the reader had already met that it does not know. From there on it only followed the checksum.
    package var unknown: RDBUnknown?

    package init(_ reason: Reason, offset: Int64, key: [UInt8]? = nil, unknown: RDBUnknown? = nil) {
        self.reason = reason
        self.offset = offset
        self.key = key
        self.unknown = unknown
    }
}

extension RDBFormatError {
    package enum Reason: Sendable, Equatable {
        /// The file begins with neither `REDIS` nor `VALKEY` and a version.
        case notRDB
        /// The file ends before the end marker and its checksum.
        case truncated
        /// Bytes follow the end marker and its checksum.
        case trailingBytes
        /// The CRC-64 at the end is not that of the file.
        case checksumMismatch(recorded: UInt64, computed: UInt64)
        /// One element (a string, a node of a list…) claims to be longer than the reader's bound.
        case elementTooLarge(bytes: UInt64, limit: Int)
        /// The bytes contradict the format. The text says what was expected.
        case malformed(String)
    }
}

extension RDBFormatError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notRDB: "the file does not begin like an RDB file"
        case .truncated: "the file ends too early"
        case .trailingBytes: "bytes follow the end of the file's data"
        case .checksumMismatch(let recorded, let computed):
            "the checksum does not match: the file records \(hex(recorded)), its bytes give \(hex(computed))"
        case .elementTooLarge(let bytes, let limit): "an element claims \(bytes) bytes, more than the bound of \(limit)"
        case .malformed(let expectation): "malformed data: expected \(expectation)"
        }
    }

    private func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension RDBFormatError: CustomStringConvertible {
    package var description: String {
        let name = key.map { "\(Self.shown($0)), " } ?? ""
        let limit = unknown.map { "; \($0)" } ?? ""
        return "\(reason) (\(name)offset \(offset))\(limit)"
    }

    private static let shownCharacters = 64

    /// A key may be any bytes, and damage makes it more so: only what a terminal can print is printed.
    private static func shown(_ key: [UInt8]) -> String {
        guard let text = String(validating: key, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f })
        else { return "a key of \(key.count) bytes" }
        return "key \(text.prefix(shownCharacters).debugDescription)\(text.count > shownCharacters ? "…" : "")"
    }
}
