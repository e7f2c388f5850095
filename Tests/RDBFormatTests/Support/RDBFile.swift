import RDBFormat

/// Writes RDB files for tests, piece by piece and without judgement.
struct RDBFile {
    var bytes: [UInt8]

    init(magic: String = "REDIS0011") {
        bytes = Array(magic.utf8)
    }

    mutating func type(_ number: UInt8) {
        bytes.append(number)
    }

    mutating func length(_ value: UInt64) {
        bytes.append(contentsOf: Self.encodedLength(value))
    }

    static func encodedLength(_ value: UInt64) -> [UInt8] {
        switch value {
        case ..<64: [UInt8(value)]
        case ..<16_384: [0x40 | UInt8(value >> 8), UInt8(value & 0xFF)]
        case ..<(1 << 32): [0x80] + bigEndian(UInt32(value))
        default: [0x81] + bigEndian(value)
        }
    }

    mutating func string(_ text: String) {
        string(Array(text.utf8))
    }

    mutating func string(_ content: [UInt8]) {
        length(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    mutating func number8(_ value: Int8) {
        bytes.append(contentsOf: [0xC0, UInt8(bitPattern: value)])
    }

    mutating func number16(_ value: Int16) {
        bytes.append(contentsOf: [0xC1] + Self.littleEndian(value))
    }

    mutating func number32(_ value: Int32) {
        bytes.append(contentsOf: [0xC2] + Self.littleEndian(value))
    }

    mutating func compressed(_ content: [UInt8]) {
        let packed = lzfCompressed(content)
        bytes.append(0xC3)
        length(UInt64(packed.count))
        length(UInt64(content.count))
        bytes.append(contentsOf: packed)
    }

    mutating func key(_ type: UInt8, _ name: String) {
        self.type(type)
        string(name)
    }

    mutating func raw(_ content: [UInt8]) {
        bytes.append(contentsOf: content)
    }

    mutating func little(_ value: some FixedWidthInteger) {
        bytes.append(contentsOf: Self.littleEndian(value))
    }

    mutating func id(_ milliseconds: UInt64, _ sequence: UInt64) {
        raw(Self.bigEndian(milliseconds) + Self.bigEndian(sequence))
    }

    static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// With end marker and checksum; without a checksum if `checksum` is false.
    func closed(checksum: Bool = true) -> [UInt8] {
        let all = bytes + [0xFF]
        let value = checksum ? all.withUnsafeBytes { CRC64.value(of: $0) } : 0
        return all + Self.littleEndian(value)
    }
}

/// What a file's last eight bytes should be, put there.
func withRightChecksum(_ file: [UInt8]) -> [UInt8] {
    let body = Array(file.dropLast(8))
    return body + RDBFile.littleEndian(body.withUnsafeBytes { CRC64.value(of: $0) })
}

/// LZF the simple way: the longest match among the places where the same three bytes stood last.
func lzfCompressed(_ content: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var literals: [UInt8] = []
    var places: [[UInt8]: Int] = [:]
    let flush = {
        for start in stride(from: 0, to: literals.count, by: 32) {
            let run = literals[start...].prefix(32)
            output.append(UInt8(run.count - 1))
            output.append(contentsOf: run)
        }
        literals = []
    }
    var position = 0
    while position < content.count {
        let here = Array(content[position...].prefix(3))
        let start = position
        defer { places[here] = start }
        guard here.count == 3, let match = places[here], position - match <= 8_192 else {
            literals.append(content[position])
            position += 1
            continue
        }
        var run = 3
        while run < 264, position + run < content.count, content[match + run] == content[position + run] { run += 1 }
        flush()
        let distance = position - match - 1
        let length = run - 2
        if length < 7 {
            output.append(UInt8(length << 5 | distance >> 8))
        } else {
            output.append(contentsOf: [UInt8(7 << 5 | distance >> 8), UInt8(length - 7)])
        }
        output.append(UInt8(distance & 0xFF))
        position += run
    }
    flush()
    return output
}
