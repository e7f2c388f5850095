/// The digest of one key and its value, as it comes along.
struct ValueDigest {
    /// Stands for "does not expire" where a time would stand.
    private static let never = UInt64(bitPattern: .min)

    private var name: UInt128 = 0
    private var kind: UInt64 = 0
    private var expiresAt = Self.never
    private var sum: UInt128 = 0
    private(set) var elements: UInt64 = 0
    private var metadata: UInt128 = 0
    private var module = ModuleDigest()
    private let parts = XXH3Stream()
    private var hasEarlierParts = false

    var expires: Bool { expiresAt != Self.never }

    mutating func begin(_ key: RDBKey) {
        name = XXH3.digest(key.name)
        kind = UInt64(key.type.kind.ordinal)
        expiresAt = key.expiresAt.map { UInt64(bitPattern: $0) } ?? Self.never
        sum = 0
        elements = 0
    }

    mutating func add(_ digest: UInt128) {
        sum &+= digest
        elements += 1
    }

    /// Something that is no element.
    mutating func addBeside(_ digest: UInt128) {
        sum &+= digest
    }

    mutating func addStringPart(_ part: UnsafeRawBufferPointer, isLast: Bool) {
        if isLast, !hasEarlierParts { return add(XXH3.digest(part)) }
        parts.update(part)
        hasEarlierParts = !isLast
        if isLast { add(parts.finish()) }
    }

    mutating func addField(_ field: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ expiresAt: Int64?) {
        let (field, value) = (XXH3.digest(field), XXH3.digest(value))
        let expiry = expiresAt.map { UInt64(bitPattern: $0) } ?? Self.never
        add(XXH3.digest(record: (field.low, field.high, value.low, value.high, expiry)))
    }

    /// Of the key, its value, and when it expires.
    mutating func finish() -> UInt128 {
        defer { metadata = 0 }
        return XXH3.digest(
            record: (name.low, name.high, kind, expiresAt, elements, sum.low, sum.high, metadata.low, metadata.high))
    }
}

// MARK: Modules

extension ValueDigest {
    mutating func beginModule(_ id: UInt64) {
        module.begin(.value, id, 0)
    }

    mutating func beginOutside(_ id: UInt64, _ when: UInt64) {
        module.begin(.outside, id, when)
    }

    mutating func beginMetadata(_ kind: UInt32) {
        module.begin(.metadata, UInt64(kind), 0)
    }

    mutating func addModuleValue(_ value: RDBModuleValue) {
        module.add(value)
    }

    /// The digest of data outside of keys; nil when the module's data belongs to a key.
    mutating func endModule() -> UInt128? {
        let digest = module.finish()
        switch module.place {
        case .value: add(digest)
        case .metadata: metadata &+= digest
        case .outside: return digest
        }
        return nil
    }
}

/// The values of a module, in their order.
private struct ModuleDigest {
    enum Place { case value, metadata, outside }

    private(set) var place = Place.value
    private var id: UInt64 = 0
    private var when: UInt64 = 0
    private var sum: UInt128 = 0
    private var count: UInt64 = 0

    mutating func begin(_ place: Place, _ id: UInt64, _ when: UInt64) {
        self = ModuleDigest(place: place, id: id, when: when)
    }

    private init(place: Place, id: UInt64, when: UInt64) {
        self.place = place
        self.id = id
        self.when = when
    }

    init() {}

    mutating func add(_ value: RDBModuleValue) {
        sum &+= digest(value)
        count += 1
    }

    private func digest(_ value: RDBModuleValue) -> UInt128 {
        switch value {
        case .signed(let number): XXH3.digest(record: (count, UInt64(1), UInt64(bitPattern: number)))
        case .unsigned(let number): XXH3.digest(record: (count, UInt64(2), number))
        case .float(let number): XXH3.digest(record: (count, UInt64(3), UInt64(number.bitPattern)))
        case .double(let number): XXH3.digest(record: (count, UInt64(4), number.bitPattern))
        case .string(let bytes): XXH3.digest(bytes, seed: count)
        }
    }

    func finish() -> UInt128 {
        XXH3.digest(record: (id, when, count, sum.low, sum.high))
    }
}
