import RDBFormat
import Testing

/// The same data, written twice in encodings and an order chosen at random.
struct RandomDataTests {
    private enum Value {
        case list([Packed.Item])
        case set([Packed.Item])
        case hash([(Packed.Item, Packed.Item)])
        case sortedSet([(Packed.Item, Double)])
    }

    @Test(arguments: 0..<60)
    func hasOneDigest(seed: Int) throws {
        var numbers = SeededNumbers(seed: UInt64(seed))
        let data = (0..<12).map { ("key \($0)", value(&numbers)) }
        let contents = try (0..<3).map { _ in
            var file = RDBFile()
            for (key, value) in data.shuffled(using: &numbers) { write(value, key, to: &file, &numbers) }
            return try survey(file.closed(), pieces: Int.random(in: 1...500, using: &numbers)).content
        }
        #expect(contents[0] == contents[1])
        #expect(contents[0] == contents[2])
        #expect(contents[0].keys == 12)
    }

    private func value(_ numbers: inout SeededNumbers) -> Value {
        let count = Int.random(in: 1...30, using: &numbers)
        let items = (0..<count).map { item($0, &numbers) }
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: return .list(items)
        case 1: return .set(items)
        case 2: return .hash(items.map { ($0, item(0, &numbers)) })
        default: return .sortedSet(items.map { ($0, Double(Int.random(in: -1_000_000...1_000_000, using: &numbers)) / 64) })
        }
    }

    /// No two of the same, so that sets are sets.
    private func item(_ index: Int, _ numbers: inout SeededNumbers) -> Packed.Item {
        if Bool.random(using: &numbers) {
            let shift = Int64.random(in: 0...50, using: &numbers)
            let magnitude = (Int64.random(in: 0...100, using: &numbers) << shift) * 32 + Int64(index)
            return .number(Bool.random(using: &numbers) ? magnitude : -magnitude - 1)
        }
        let repeated = [UInt8](repeating: UInt8.random(in: 65...90, using: &numbers), count: Int.random(in: 0...300, using: &numbers))
        return .text(Array("text \(index) ".utf8) + repeated)
    }

    private func write(_ value: Value, _ key: String, to file: inout RDBFile, _ numbers: inout SeededNumbers) {
        switch value {
        case .list(let items): writeList(items, key, to: &file, &numbers)
        case .set(let items):
            write(items.shuffled(using: &numbers), key, plain: 2, ziplist: nil, listpack: 20, width: 1, to: &file, &numbers)
        case .hash(let pairs):
            let items = pairs.shuffled(using: &numbers).flatMap { [$0.0, $0.1] }
            write(items, key, plain: 4, ziplist: 13, listpack: 16, width: 2, to: &file, &numbers)
        case .sortedSet(let pairs): writeSortedSet(pairs.shuffled(using: &numbers), key, to: &file, &numbers)
        }
    }

    private func writeList(_ items: [Packed.Item], _ key: String, to file: inout RDBFile, _ numbers: inout SeededNumbers) {
        guard Bool.random(using: &numbers) else {
            return write(items, key, plain: 1, ziplist: 10, listpack: nil, width: 1, to: &file, &numbers)
        }
        let second = Bool.random(using: &numbers)
        let cut = Int.random(in: 0...items.count, using: &numbers)
        file.key(second ? 18 : 14, key)
        file.length(2)
        for node in [items[..<cut], items[cut...]] {
            if second { file.length(2) }
            blob(second ? Packed.listpack(Array(node)) : Packed.ziplist(Array(node)), to: &file, &numbers)
        }
    }

    private func write(
        _ items: [Packed.Item], _ key: String, plain: UInt8, ziplist: UInt8?, listpack: UInt8?, width: Int, to file: inout RDBFile,
        _ numbers: inout SeededNumbers
    ) {
        switch (Int.random(in: 0..<3, using: &numbers), ziplist, listpack) {
        case (0, let type?, _):
            file.key(type, key)
            blob(Packed.ziplist(items), to: &file, &numbers)
        case (1, _, let type?):
            file.key(type, key)
            blob(Packed.listpack(items), to: &file, &numbers)
        default:
            file.key(plain, key)
            file.length(UInt64(items.count / width))
            for item in items { string(item, to: &file, &numbers) }
        }
    }

    private func writeSortedSet(
        _ pairs: [(Packed.Item, Double)], _ key: String, to file: inout RDBFile, _ numbers: inout SeededNumbers
    ) {
        let packed = pairs.flatMap { [$0.0, Packed.Item.text(Array("\($0.1)".utf8))] }
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: file.packed(12, key, Packed.ziplist(packed))
        case 1: file.packed(17, key, Packed.listpack(packed))
        case let form:
            file.key(form == 2 ? 3 : 5, key)
            file.length(UInt64(pairs.count))
            for (member, score) in pairs {
                string(member, to: &file, &numbers)
                if form == 2 { file.raw([UInt8("\(score)".utf8.count)] + Array("\(score)".utf8)) } else { file.little(score.bitPattern) }
            }
        }
    }

    private func blob(_ bytes: [UInt8], to file: inout RDBFile, _ numbers: inout SeededNumbers) {
        if Bool.random(using: &numbers) { file.compressed(bytes) } else { file.string(bytes) }
    }

    private func string(_ item: Packed.Item, to file: inout RDBFile, _ numbers: inout SeededNumbers) {
        switch item {
        case .text(let text): blob(text, to: &file, &numbers)
        case .number(let number):
            if let small = Int8(exactly: number), Bool.random(using: &numbers) { return file.number8(small) }
            if let small = Int16(exactly: number), Bool.random(using: &numbers) { return file.number16(small) }
            if let small = Int32(exactly: number), Bool.random(using: &numbers) { return file.number32(small) }
            file.string("\(number)")
        }
    }
}
