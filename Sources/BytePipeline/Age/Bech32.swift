/// Bech32 as BIP 173 has it, without its bound on the length: how age writes keys. The checksum notices any four wrong letters.
enum Bech32 {
    private static let letters = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let checksumLength = 6

    /// - Parameter prefix: in lower case.
    static func encode(_ bytes: [UInt8], prefix: String) -> String {
        let values = regroup(bytes, from: 8, to: 5, padded: true) ?? []
        let text = (values + checksum(of: values, prefix: prefix)).map { letters[Int($0)] }
        return prefix + "1" + String(decoding: text, as: UTF8.self)
    }

    /// Nil for anything else than whole bytes under a checksum that holds, all in one case.
    static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
        let lower = text.lowercased()
        guard text == lower || text == text.uppercased(), let one = lower.utf8.lastIndex(of: UInt8(ascii: "1")) else { return nil }
        let values = lower.utf8[lower.utf8.index(after: one)...].compactMap { letter in letters.firstIndex(of: letter).map(UInt8.init) }
        let prefix = String(lower[..<one])
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ (33...126).contains($0) }), values.count >= checksumLength,
            values.count == lower.utf8.distance(from: one, to: lower.utf8.endIndex) - 1,
            remainder(expand(prefix) + values) == 1
        else { return nil }
        return regroup(values.dropLast(checksumLength), from: 5, to: 8, padded: false).map { (prefix, $0) }
    }

    private static func checksum(of values: [UInt8], prefix: String) -> [UInt8] {
        let rest = remainder(expand(prefix) + values + Array(repeating: 0, count: checksumLength)) ^ 1
        return (0..<checksumLength).map { UInt8(rest >> (5 * UInt32(5 - $0)) & 31) }
    }

    private static func expand(_ prefix: String) -> [UInt8] { prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 } }

    private static func remainder(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        return values.reduce(1) { rest, value in
            let carried = generator.indices.filter { rest >> (25 + UInt32($0)) & 1 == 1 }
            return carried.reduce((rest & 0x1ff_ffff) << 5 ^ UInt32(value)) { $0 ^ generator[$1] }
        }
    }

    /// Nil for bits left over that are not the zeros of padding.
    private static func regroup(_ values: some Sequence<UInt8>, from: Int, to: Int, padded: Bool) -> [UInt8]? {
        var (held, bits) = (0, 0)
        var groups: [UInt8] = []
        for value in values {
            held = held << from | Int(value)
            bits += from
            while bits >= to {
                bits -= to
                groups.append(UInt8(held >> bits & (1 << to - 1)))
            }
            held &= 1 << bits - 1
        }
        if padded, bits > 0 { groups.append(UInt8(held << (to - bits) & (1 << to - 1))) }
        return padded || (bits < from && held == 0) ? groups : nil
    }
}
