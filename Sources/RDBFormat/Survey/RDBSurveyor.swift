/// Counts and digests what a reader finds. `docs/format.md` has the definition of the digests.
struct RDBSurveyor: RDBReceiver {
    private static let keptFields = 128
    private static let keptFieldBytes = 4_096

    private var header: RDBHeader?
    private var auxiliary: [String: String] = [:]
    private var slots: [UInt64: RDBSlot] = [:]
    private var notUnderstood: RDBUnknown?
    private var databases: [UInt64: DatabaseTally] = [:]
    private var functions = RDBTally()
    private var moduleData = RDBTally()
    private var preReleaseFunction: UInt128 = 0

    private let selection: RDBSelection?
    /// The key that is being read does not belong to the selection.
    private var isLeftOut = false

    private var databaseNumber: UInt64 = 0
    private var tally = DatabaseTally()
    private var value = ValueDigest()
    private var stream = StreamDigest()

    init(selection: RDBSelection?) {
        self.selection = selection
    }

    // Not split further: one flat switch is what keeps ten million elements cheap.
    mutating func receive(_ event: RDBEvent) {
        if let selection, leavesOut(event, selection) { return }
        switch event {
        case .key(let key): value.begin(key)
        case .stringPart(let part, let isLast): value.addStringPart(part, isLast: isLast)
        case .listElement(let element): value.add(XXH3.digest(element, seed: value.elements))
        case .setMember(let member): value.add(XXH3.digest(member))
        case .sortedSetMember(let member, let score): value.add(XXH3.digest(member, seed: (score == 0 ? 0 : score).bitPattern))
        case .hashField(let field, let content, let expiresAt): value.addField(field, content, expiresAt)
        case .arrayElement(let index, let element): value.add(XXH3.digest(element, seed: index))
        case .arrayNumber(let index, let number): value.add(XXH3.digest(record: (index, number.bitPattern)))
        case .stream(let part): stream.add(part, to: &value)
        case .module(let module): value.beginModule(module.id)
        case .moduleValue(let part): value.addModuleValue(part)
        case .moduleEnd: endModule()
        case .keyEnd(let end): tally.add(end.type.kind, value.finish(), expires: value.expires, elements: value.elements)
        default: receiveOutsideKeys(event)
        }
    }

    private mutating func leavesOut(_ event: RDBEvent, _ selection: RDBSelection) -> Bool {
        switch event {
        case .key(let key):
            isLeftOut = selection.leavesOut(key, in: databaseNumber)
            return isLeftOut
        case .hashField(_, _, let expiresAt): return isLeftOut || selection.isOver(expiresAt)
        case .keyEnd(let end):
            defer { isLeftOut = false }
            return isLeftOut || end.type.kind == .hash && value.elements == 0
        case .notUnderstood: return false
        default: return isLeftOut
        }
    }

    private mutating func receiveOutsideKeys(_ event: RDBEvent) {
        switch event {
        case .begin(let header): self.header = header
        case .auxiliary(let name, let value): keep(name, value)
        case .database(let number): select(number)
        case .slot(let slot): slots[slot.slot] = slot
        case .function(let code): functions.add(XXH3.digest(code))
        case .preReleaseFunctionPart(let part, let text): addPreReleaseFunction(part, text)
        case .moduleAuxiliary(let module, let when): value.beginOutside(module.id, when)
        case .keyMetadata(let kind): value.beginMetadata(kind)
        case .notUnderstood(let unknown): notUnderstood = unknown
        default: break
        }
    }

    private mutating func keep(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        guard auxiliary.count < Self.keptFields else { return }
        let text = { (bytes: UnsafeRawBufferPointer) in String(decoding: bytes.prefix(Self.keptFieldBytes), as: UTF8.self) }
        auxiliary[text(name)] = text(value)
    }

    private mutating func select(_ number: UInt64) {
        stowTally()
        databaseNumber = number
        tally = databases[number] ?? DatabaseTally()
    }

    private mutating func stowTally() {
        if tally.keys > 0 { databases[databaseNumber] = tally }
    }

    private mutating func addPreReleaseFunction(_ part: RDBEvent.PreReleaseFunctionPart, _ text: UnsafeRawBufferPointer) {
        preReleaseFunction &+= XXH3.digest(text, seed: UInt64(part.rawValue) + 1)
        guard part == .code else { return }
        functions.add(preReleaseFunction)
        preReleaseFunction = 0
    }

    private mutating func endModule() {
        if let digest = value.endModule() { moduleData.add(digest) }
    }

    func summary(_ ending: RDBEnding) throws(RDBFormatError) -> RDBSummary {
        guard let header else { throw RDBFormatError(.truncated, offset: ending.byteCount) }
        var all = databases
        if tally.keys > 0 { all[databaseNumber] = tally }
        return RDBSummary(
            header: header, byteCount: ending.byteCount, checksum: ending.checksum, notUnderstood: notUnderstood, auxiliary: auxiliary,
            slots: slots.values.sorted { $0.slot < $1.slot },
            content: RDBContent(
                databases: all.keys.sorted().compactMap { number in all[number]?.summary(of: number) },
                functions: functions, moduleData: moduleData))
    }
}

/// The keys of one database.
private struct DatabaseTally {
    private(set) var keys: UInt64 = 0
    private var expiring: UInt64 = 0
    private var elements: UInt64 = 0
    private var digest = RDBDigest()
    /// In the order of `RDBKind.allCases`.
    private var kinds = [UInt64](repeating: 0, count: RDBKind.allCases.count)

    mutating func add(_ kind: RDBKind, _ key: UInt128, expires: Bool, elements: UInt64) {
        keys += 1
        if expires { expiring += 1 }
        self.elements += elements
        digest.add(key)
        kinds[kind.ordinal] += 1
    }

    func summary(of number: UInt64) -> RDBDatabaseSummary {
        let counts = zip(RDBKind.allCases, kinds).filter { $0.1 > 0 }
        return RDBDatabaseSummary(
            number: number, keys: keys, kinds: Dictionary(uniqueKeysWithValues: counts), expiring: expiring, elements: elements,
            digest: digest)
    }
}

extension RDBKind {
    /// Also stands for the kind in a key's digest.
    var ordinal: Int {
        switch self {
        case .string: 0
        case .list: 1
        case .set: 2
        case .sortedSet: 3
        case .hash: 4
        case .stream: 5
        case .module: 6
        case .array: 7
        }
    }
}
