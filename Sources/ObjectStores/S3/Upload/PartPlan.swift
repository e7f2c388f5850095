/// How large the parts of an upload are whose end nobody knows. Pure.
///
/// S3 takes 10,000 parts of one upload and 5 TiB of one object. Parts begin small, as all that are under way lie in memory, and double when so many
/// have been sent; late, so that they stay small for what is common, and ever faster towards the end, as 5 TiB have to fit.
struct PartPlan: Sendable {
    static let maximumParts = 10_000
    static let largestObject: Int64 = 5 << 40
    /// The last parts of a size. With 8 MiB at first: 64 MiB up to 258 GiB, 128 up to 383, 256 up to 520, 1 GiB up to 1020, 4 GiB from 1820 on.
    private static let doublings = [1000, 2000, 3500, 6500, 7500, 8050, 8450, 8750, 9150]
    /// A part may be 5 GiB; it is held in memory, though.
    private static let largest = 4 << 30

    let first: Int

    /// - Parameter number: from 1.
    func bytes(ofPart number: Int) -> Int { min(Self.largest, first << Self.doublings.count { $0 < number }) }

    /// What may be under way at once: several of the first parts, one of the large ones. Beside it one more part is held, which is being filled.
    func window(parts: Int) -> Int { first * parts }
}
