import CXXHash

extension UInt128 {
    init(_ hash: XXH128_hash_t) {
        self = UInt128(hash.high64) << 64 | UInt128(hash.low64)
    }

    /// 32 lowercase hex digits: the canonical form of xxHash.
    var hexDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    init?(hexDigits text: String) {
        let isHex: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 32, text.utf8.allSatisfy(isHex), let value = UInt128(text, radix: 16) else { return nil }
        self = value
    }
}
