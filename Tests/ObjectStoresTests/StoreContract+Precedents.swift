import BackupModel
import Testing

extension StoreContract {
    /// A mebibyte that is no other's, and none of whose blocks is another's.
    static func mebibyte(_ number: Int) -> [UInt8] {
        (0..<256).flatMap { block in
            [UInt8(number), UInt8(block), 7, 9] + [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31 &+ block), count: 4092)
        }
    }

    /// Of an earlier file the largest part is the same; of the rest some is not, some stands elsewhere, and some is not even there.
    func sharesOnlyWhatIsTheSame(_ store: some BackupStore) async throws {
        let first = (0..<20).map(Self.mebibyte)
        try await store.put("first") { file in
            for piece in first { try await file.write(piece) }
        }
        let second = Self.second(like: first)
        try await store.put("second") { file in
            for (bytes, precedent) in second { try await file.write(bytes, like: precedent) }
        }
        let written = second.flatMap(\.bytes)
        #expect(try await store.read("second") == written)
        try await store.delete("first")
        #expect(try await store.read("second") == written)
    }

    private static func second(like first: [[UInt8]]) -> [(bytes: [UInt8], precedent: Precedent?)] {
        func place(_ number: Int, _ more: Int64 = 0, of key: String = "first") -> Precedent {
            Precedent(key: key, offset: Int64(number) << 20 + more)
        }
        var pieces: [(bytes: [UInt8], precedent: Precedent?)] = [(mebibyte(91), nil)]
        for number in 0..<17 { pieces.append((first[number], place(number))) }
        pieces += [
            (mebibyte(90), place(17)), (first[18], place(18)), ([1, 2, 3], nil), (first[3], place(3)), (first[3], place(4)),
            (first[5], place(5, of: "missing")), (first[6], place(19, 8)), (first[7], place(20)), (first[8], place(-1)),
            (first[9], place(9, of: "../first")), (first[10], place(10)), ([4], place(11)),
        ]
        return pieces
    }
}
