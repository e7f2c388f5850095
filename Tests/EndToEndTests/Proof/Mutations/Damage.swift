/// What can befall the bytes of a dump without anybody knowing its format.
enum Damage: String, Sendable, CaseIterable {
    case flippedMemberHeader
    case flippedData
    case flippedScript
    case flippedPadding
    case flippedIndex
    case flippedClosingMember
    case lostMember
    case repeatedMember
    case swappedMembers
    case memberOfAnotherDay
    case lostEnd
    case addedEnd

    /// A damaged copy of the dump and the place of the damage; the same for the same seed.
    func applied(to dump: DumpAnatomy, later: DumpAnatomy, seed: UInt64) -> DamagedDump? {
        var random = SeededRandom(seed: seed)
        switch self {
        case .flippedMemberHeader: return dump.flipped(dump.members.randomElement(using: &random)?.header, &random)
        case .flippedData: return dump.flipped(dump.dataMembers.randomElement(using: &random)?.body, &random)
        case .flippedScript: return dump.flipped(dump.scriptMembers.randomElement(using: &random)?.body, &random)
        case .flippedPadding:
            return dump.flipped(
                dump.padding.randomElement(using: &random).map { ($0, .padding(Int64($0.lowerBound)..<Int64($0.upperBound))) }, &random)
        case .flippedIndex: return dump.flipped((dump.index, .index), &random)
        case .flippedClosingMember: return dump.flipped((dump.closing, .closingMember), &random)
        case .lostMember: return dump.longRuns.randomElement(using: &random).flatMap { dump.withoutMember(of: $0, &random) }
        case .repeatedMember: return dump.longRuns.randomElement(using: &random).flatMap { dump.withMemberTwice(of: $0, &random) }
        case .swappedMembers: return dump.longRuns.randomElement(using: &random).flatMap { dump.withMembersSwapped(of: $0, &random) }
        case .memberOfAnotherDay: return dump.withMember(of: later, &random)
        case .lostEnd:
            return DamagedDump(bytes: Array(dump.bytes.dropLast(.random(in: 1..<dump.bytes.count, using: &random))), place: .closingMember)
        case .addedEnd:
            let added = (0..<Int.random(in: 1...5000, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            return DamagedDump(bytes: dump.bytes + added, place: .end)
        }
    }
}

struct DamagedDump: Sendable {
    var bytes: [UInt8]
    var place: DumpPlace
}

extension DumpAnatomy {
    fileprivate func flipped(_ part: (range: Range<Int>, place: DumpPlace)?, _ random: inout SeededRandom) -> DamagedDump? {
        guard let part, let place = part.range.randomElement(using: &random) else { return nil }
        var damaged = bytes
        damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        return DamagedDump(bytes: damaged, place: part.place)
    }

    fileprivate func withoutMember(of run: [Member], _ random: inout SeededRandom) -> DamagedDump? {
        guard let member = run.randomElement(using: &random) else { return nil }
        return replacing(member.range, with: [], at: member.place)
    }

    /// Not the first one: a copy in front of a run is a stray behind what stands before it.
    fileprivate func withMemberTwice(of run: [Member], _ random: inout SeededRandom) -> DamagedDump? {
        guard let member = run.dropFirst().randomElement(using: &random) else { return nil }
        return replacing(member.range, with: bytes[member.range] + bytes[member.range], at: member.place)
    }

    fileprivate func withMembersSwapped(of run: [Member], _ random: inout SeededRandom) -> DamagedDump? {
        let second = Int.random(in: 1..<run.count, using: &random)
        let (before, after) = (run[second - 1].range, run[second].range)
        return replacing(before.lowerBound..<after.upperBound, with: bytes[after] + bytes[before], at: run[second].place)
    }

    /// The same member of the same segment as it was a day later.
    fileprivate func withMember(of later: DumpAnatomy, _ random: inout SeededRandom) -> DamagedDump? {
        guard let member = dataMembers.randomElement(using: &random),
            let other = later.members.first(where: { $0.place == member.place && $0.number == member.number }),
            later.bytes[other.range] != bytes[member.range]
        else { return nil }
        return replacing(member.range, with: later.bytes[other.range], at: member.place)
    }

    private func replacing(_ range: Range<Int>, with new: some Collection<UInt8>, at place: DumpPlace) -> DamagedDump {
        var damaged = bytes
        damaged.replaceSubrange(range, with: new)
        return DamagedDump(bytes: damaged, place: place)
    }
}

extension DumpAnatomy.Member {
    /// Before the compressed text; as long in neither container.
    fileprivate var header: (Range<Int>, DumpPlace) { (range.prefix(16), place) }
    fileprivate var body: (Range<Int>, DumpPlace) { (range.dropFirst(20), place) }
}
