import BackupVerification
import DumpFormat
import DumpSamples
import Testing

/// A verdict on a damaged dump says which table, segment and rows are lost.
struct DamagePlaceTests {
    @Test(arguments: Container.allCases)
    func namesTheRowsOfADamagedMember(container: Container) async throws {
        let dump = try await Dump(container)
        for member in dump.members {
            for place in [member.offset, member.offset + 14, member.offset + Int64(member.compressedBytes) / 2] {
                var damaged = dump.bytes
                damaged[Int(place)] ^= 0x10
                let finding = try #require(try await verdict(on: damaged).findings.first)
                #expect(finding.table == "public.calls")
                #expect(finding.segment == 0)
                #expect(finding.blocks == .init(from: 0, to: 100))
                #expect(finding.rows == .init(member.rows))
                #expect(finding.offsets == .init(member.offset..<(member.offset + Int64(member.compressedBytes))))
            }
        }
    }

    @Test(arguments: Container.allCases)
    func namesTheSegmentThatMissesAMember(container: Container) async throws {
        let dump = try await Dump(container)
        for member in dump.members {
            var damaged = dump.bytes
            damaged.removeSubrange(member.range)
            try await expectOnlyFirstSegment(damaged)
        }
    }

    /// A copy in front of the first member is a stray behind what stands before it: the bytes are the same.
    @Test(arguments: Container.allCases)
    func namesTheSegmentThatHoldsAMemberTwice(container: Container) async throws {
        let dump = try await Dump(container)
        for member in dump.members.dropFirst() {
            let damaged = dump.bytes[..<member.range.upperBound] + dump.bytes[member.range] + dump.bytes[member.range.upperBound...]
            try await expectOnlyFirstSegment(Array(damaged))
        }
    }

    @Test(arguments: Container.allCases)
    func namesTheSegmentWhoseMembersAreSwapped(container: Container) async throws {
        let dump = try await Dump(container)
        for (first, second) in zip(dump.members, dump.members.dropFirst()) {
            var damaged = dump.bytes
            let swapped = dump.bytes[second.range] + dump.bytes[first.range]
            damaged.replaceSubrange(first.range.lowerBound..<second.range.upperBound, with: swapped)
            try await expectOnlyFirstSegment(damaged)
        }
    }

    @Test(arguments: Container.allCases)
    func namesSegmentsThatAreSwapped(container: Container) async throws {
        let written = try SampleDump.small(container).write()
        let segments = written.index.tables[0].segments
        var damaged = written.bytes
        for (place, source) in [(0, 1), (1, 0)] {
            let bytes = written.bytes[segments[source].range]
            damaged.replaceSubrange(Int(segments[place].offset)..<(Int(segments[place].offset) + bytes.count), with: bytes)
        }
        let verdict = try await verdict(on: damaged)
        #expect(!verdict.passed)
        #expect(Set(verdict.findings.compactMap(\.segment)).isSuperset(of: [0, 1]))
        #expect(verdict.findings.allSatisfy { $0.table == "public.calls" || $0.table == nil })
    }

    /// Without an index the walk still says how far the file is whole.
    @Test(arguments: Container.allCases)
    func namesWhereATruncatedFileEnds(container: Container) async throws {
        let dump = try await Dump(container)
        let member = dump.members[2]
        let verdict = try await verdict(on: Array(dump.bytes[..<(member.range.upperBound - 1)]))
        #expect(!verdict.passed)
        #expect(verdict.findings.first?.message == "the closing member is missing")
        let damage = try #require(verdict.findings.dropFirst().first)
        #expect(damage.table == "public.calls")
        #expect(damage.rows == .init(from: member.rows.lowerBound, to: nil))
        #expect(damage.offsets == .init(member.offset..<Int64(member.range.upperBound - 1)))
    }

    private func expectOnlyFirstSegment(_ bytes: [UInt8]) async throws {
        let verdict = try await verdict(on: bytes)
        #expect(!verdict.passed)
        let segments = verdict.findings.filter { $0.table != nil }
        #expect(segments.map(\.table) == ["public.calls"])
        #expect(segments.map(\.segment) == [0])
    }
}

extension DamagePlaceTests {
    /// The small sample and the members of its first segment.
    struct Dump {
        let bytes: [UInt8]
        let members: [Place]

        struct Place {
            let offset: Int64
            let compressedBytes: Int
            let rows: Range<Int64>
            var range: Range<Int> { Int(offset)..<(Int(offset) + compressedBytes) }
        }

        init(_ container: Container) async throws {
            let written = try SampleDump.small(container).write()
            bytes = written.bytes
            let reader = try await DumpReader(bytes: bytes)
            let cursor = reader.cursor(over: reader.index.tables[0].segments[0])
            var members: [Place] = []
            while let member = try await cursor.next() {
                let first = members.last?.rows.upperBound ?? 0
                members.append(
                    Place(offset: member.offset, compressedBytes: member.compressedBytes, rows: first..<(first + member.rowCount)))
            }
            self.members = members
        }
    }
}

extension Member {
    fileprivate var rowCount: Int64 {
        text.withUnsafeBytes { Int64($0.count { $0 == 0x0a }) - 3 }
    }
}

extension DumpIndex.Segment {
    fileprivate var range: Range<Int> { Int(offset)..<Int(offset + compressedBytes) }
}
