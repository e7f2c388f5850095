import DumpFormat
import DumpSamples

/// What somebody who knows the format can do to the rows of a dump and have every length, checksum and count of bytes right again. What
/// the rows came to in the snapshot stays in the index: nobody can make other rows to it.
enum Forgery: String, Sendable, CaseIterable {
    case changedRow
    case removedRow
    case repeatedRow
    case movedRow
    case swappedSegments
    case segmentOfAnotherDay

    /// A forged copy of the dump and the segments it is forged in; the same for the same seed.
    func applied(to dump: DumpForgery, later: DumpForgery, seed: UInt64) throws -> (bytes: [UInt8], places: [DumpPlace])? {
        var random = SeededRandom(seed: seed)
        var forged = dump
        let candidates = dump.rows.indices.filter { dump.rows[$0].count > 1 }
        guard let table = candidates.randomElement(using: &random),
            let segment = dump.rows[table].indices.randomElement(using: &random),
            let row = dump.rows[table][segment].indices.randomElement(using: &random)
        else { return nil }
        let other = (segment + 1) % dump.rows[table].count
        var segments = [segment]
        switch self {
        case .changedRow: forged.rows[table][segment][row].change(&random)
        case .removedRow: forged.rows[table][segment].remove(at: row)
        case .repeatedRow: forged.rows[table][segment].append(forged.rows[table][segment][row])
        case .movedRow:
            forged.rows[table][other].append(forged.rows[table][segment].remove(at: row))
            segments.append(other)
        case .swappedSegments:
            forged.rows[table].swapAt(segment, other)
            segments.append(other)
        case .segmentOfAnotherDay:
            guard later.rows[table].indices.contains(segment), later.rows[table][segment] != forged.rows[table][segment] else { return nil }
            forged.rows[table][segment] = later.rows[table][segment]
        }
        let name = dump.index.tables[table].qualifiedName
        return (try forged.write(), segments.map { .segment($0, of: name) })
    }
}

extension [UInt8] {
    /// Another digit or letter in place of one.
    fileprivate mutating func change(_ random: inout SeededRandom) {
        let places = indices.filter { self[$0] >= UInt8(ascii: "0") && self[$0] <= UInt8(ascii: "8") }
        guard let place = places.randomElement(using: &random) else { return }
        self[place] += 1
    }
}
