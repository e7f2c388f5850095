import CXXHash

/// A digest of a set of things that does not depend on their order: the sum modulo 2^128 of a digest of each.
///
/// Compare counts beside it: they are not part of the sum.
package struct RDBDigest: Sendable, Hashable {
    package private(set) var sum: UInt128

    package init(sum: UInt128 = 0) {
        self.sum = sum
    }

    mutating func add(_ digest: UInt128) {
        sum &+= digest
    }
}

extension RDBDigest: CustomStringConvertible {
    /// 32 lowercase hex digits, most significant first.
    package var description: String {
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    package init?(_ text: String) {
        let isHex: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 32, text.utf8.allSatisfy(isHex), let sum = UInt128(text, radix: 16) else { return nil }
        self.init(sum: sum)
    }
}

extension RDBDigest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = Self(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a digest is 32 hex digits")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// XXH3-128 of bytes, and of small records of numbers (each eight bytes, little-endian).
enum XXH3 {
    static func digest(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        UInt128(XXH3_128bits(bytes.baseAddress, bytes.count))
    }

    static func digest(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt128 {
        UInt128(XXH3_128bits_withSeed(bytes.baseAddress, bytes.count, seed))
    }

    /// `Record` is a tuple of `UInt64`: it has no padding.
    static func digest<Record: BitwiseCopyable>(record: Record) -> UInt128 {
        withUnsafeBytes(of: record) { digest($0) }
    }
}

extension UInt128 {
    fileprivate init(_ hash: XXH128_hash_t) {
        self = UInt128(hash.high64) << 64 | UInt128(hash.low64)
    }

    var low: UInt64 { UInt64(truncatingIfNeeded: self) }
    var high: UInt64 { UInt64(truncatingIfNeeded: self >> 64) }
}

/// XXH3-128 of bytes that come in parts.
final class XXH3Stream {
    private let state: OpaquePointer

    init() {
        guard let state = XXH3_createState() else { preconditionFailure("out of memory") }
        self.state = state
        XXH3_128bits_reset(state)
    }

    deinit {
        XXH3_freeState(state)
    }

    func update(_ bytes: UnsafeRawBufferPointer) {
        XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
    }

    /// Of everything since the last call.
    func finish() -> UInt128 {
        defer { XXH3_128bits_reset(state) }
        return UInt128(XXH3_128bits_digest(state))
    }
}
