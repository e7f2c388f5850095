import DumpFormat
import Testing

struct StreamExpanderTests {
    private func expand(_ bytes: [UInt8], _ container: Container, pieces: Int) throws -> [UInt8] {
        let expander = container.streamExpander()
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try Array(bytes[start...].prefix(pieces)).withUnsafeBytes { piece in
                try expander.expand(piece) { text.append(contentsOf: $0) }
            }
        }
        try expander.finish()
        return text
    }

    @Test(arguments: Container.allCases, [1, 7, 1_000, 1 << 20])
    func doesNotDependOnThePieces(container: Container, pieces: Int) throws {
        let rows = (0..<2_000).map { "\($0)\tvalue\n" }
        let members = try segment(rows, container, memberBytes: 3_000).members
        let bytes = members.flatMap { $0 }
        let expected = try members.flatMap { try text(of: $0, container) }
        #expect(try expand(bytes, container, pieces: pieces) == expected)
        #expect(throws: DumpFormatError.self) { try expand(bytes.dropLast(), container, pieces: pieces) }
        #expect(throws: DumpFormatError.self) { try expand(bytes + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], container, pieces: pieces) }
    }

    @Test(arguments: Container.allCases)
    func refusesNothing(container: Container) {
        #expect(throws: DumpFormatError(.memberTruncated)) { try expand([], container, pieces: 1) }
    }

    @Test(arguments: Container.allCases)
    func survivesAnything(container: Container) throws {
        var numbers = SeededNumbers(seed: 5)
        let bytes = try segment((0..<300).map { "\($0)\n" }, container, memberBytes: 500).members.flatMap { $0 }
        for _ in 0..<1_000 {
            var damaged = bytes
            damaged[Int.random(in: damaged.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            let text = try? expand(damaged, container, pieces: 64)
            #expect((text?.count ?? 0) < 1 << 20)
        }
    }
}
