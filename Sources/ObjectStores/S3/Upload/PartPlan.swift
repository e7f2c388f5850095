/// How large the parts of an upload are. Pure.
///
/// S3 takes 10,000 parts of one upload and 5 TiB of one object. Where it is known about how long a file will be, all its parts are of one size, chosen
/// so that they are enough, as all that are under way lie in memory; only what turns out much longer grows. What is said to be very long begins with
/// parts of a bounded size all the same, for it may be said wrongly, and doubles them evenly. Where nobody knows they begin small, and double when so
/// many have been sent; late, so that they stay small for what is common, and ever faster towards the end, as 5 TiB have to fit.
struct PartPlan: Sendable {
    static let maximumParts = 10_000
    static let largestObject: Int64 = 5 << 40
    /// The last parts of a size. With 8 MiB at first: 64 MiB up to 258 GiB, 128 up to 383, 256 up to 520, 1 GiB up to 1020, 4 GiB from 1820 on.
    private static let unknown = [1000, 2000, 3500, 6500, 7500, 8050, 8450, 8750, 9150]
    /// The same for a file of known length: that is what the first 8,000 are for.
    private static let known = (0..<9).map { expectedParts + 60 * $0 }
    private static let expectedParts = 8000
    /// A part may be 5 GiB; it is held in memory, though.
    private static let largest = 4 << 30
    /// How many times the least part the first one may be: 64 MiB with 8 MiB, which is enough for 416 GiB.
    private static let mostOfFirst = 8

    let first: Int
    private let doublings: [Int]

    /// - Parameters:
    ///   - first: bytes of a part; the least of one of a file of known length.
    ///   - bytes: how long the file will be about; nil: nobody knows.
    init(first: Int, expecting bytes: Int64? = nil) {
        guard let bytes, bytes > 0 else {
            (self.first, doublings) = (first, Self.unknown)
            return
        }
        let wanted = max(first, Self.size(expecting: min(bytes, Self.largestObject)))
        self.first = min(wanted, first * Self.mostOfFirst)
        doublings = Self.steps(from: self.first, to: wanted) + Self.known
    }

    /// Doublings at even distances, as few as make the expected parts as long together as if all were of the size that is wanted.
    private static func steps(from first: Int, to wanted: Int) -> [Int] {
        var count = 0
        // So many sizes come to `first` times 2^sizes - 1, for as many parts each.
        while first * ((2 << count) - 1) / (count + 1) < wanted { count += 1 }
        return (0..<count).map { expectedParts * ($0 + 1) / (count + 1) }
    }

    /// With a fifth more than is expected, in whole MiB.
    private static func size(expecting bytes: Int64) -> Int {
        let part = (bytes + bytes / 5) / Int64(expectedParts)
        let mebibyte: Int64 = 1 << 20
        return Int((part + mebibyte - 1) / mebibyte * mebibyte)
    }

    /// - Parameter number: from 1.
    func bytes(ofPart number: Int) -> Int { min(Self.largest, first << doublings.count { $0 < number }) }
}
