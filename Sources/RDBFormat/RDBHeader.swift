/// The first nine bytes: who defines the meaning of the types and opcodes in the file, and in which version.
package struct RDBHeader: Sendable, Equatable, Codable {
    package enum Dialect: String, Sendable, Codable {
        /// `REDIS` and four digits. Valkey up to 8 writes it too, with version 11.
        case redis
        /// `VALKEY` and three digits, since Valkey 9. Type 22 and opcode 243 mean something else than in Redis.
        case valkey
    }

    package var dialect: Dialect
    package var version: Int

    package init(dialect: Dialect, version: Int) {
        self.dialect = dialect
        self.version = version
    }

    /// The versions this reader knows everything about.
    package var isUnderstood: Bool {
        switch dialect {
        case .redis: (1...15).contains(version)
        case .valkey: version == 80
        }
    }

    /// Since version 5 eight bytes of CRC-64 follow the end marker.
    package var hasChecksum: Bool { version >= 5 }

    static let byteCount = 9

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount else { return nil }
        if bytes.starts(with: "REDIS".utf8), let version = Self.number(bytes.dropFirst(5)) {
            self.init(dialect: .redis, version: version)
        } else if bytes.starts(with: "VALKEY".utf8), let version = Self.number(bytes.dropFirst(6)) {
            self.init(dialect: .valkey, version: version)
        } else {
            return nil
        }
    }

    private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return value > 0 ? value : nil
    }
}
