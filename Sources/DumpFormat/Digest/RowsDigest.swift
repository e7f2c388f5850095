import CXXHash

/// A digest of a set of rows that does not depend on their order: the sum modulo 2^128 of the XXH3-128 of each row's COPY text.
///
/// The digest of a table is the sum of its segments' digests. Compare row counts beside it: they are not part of the sum.
package struct RowsDigest: Sendable, Hashable {
    package private(set) var sum: UInt128

    package init(sum: UInt128 = 0) {
        self.sum = sum
    }

    /// Adds one row: its COPY text without the newline.
    package mutating func add(row: UnsafeRawBufferPointer) {
        sum &+= UInt128(XXH3_128bits(row.baseAddress, row.count))
    }

    package static func += (left: inout Self, right: Self) {
        left.sum &+= right.sum
    }
}

extension RowsDigest: CustomStringConvertible {
    /// 32 lowercase hex digits, most significant first.
    package var description: String { sum.hexDigits }

    package init?(_ text: String) {
        guard let sum = UInt128(hexDigits: text) else { return nil }
        self.sum = sum
    }
}

extension RowsDigest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Self(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a digest is 32 hex digits")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
