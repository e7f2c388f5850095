/// How large the parts of an upload are whose end nobody knows. Pure.
///
/// S3 takes 10,000 parts of one upload and 5 TiB of one object. Parts begin small, as all that are under way lie in memory, and double each
/// thousand: at 8 MiB the first 8 GiB, at 16 the next 16, and so on.
struct PartPlan: Sendable {
    static let maximumParts = 10_000
    static let largestObject: Int64 = 5 << 40
    private static let stride = 1000
    /// A part may be 5 GiB; it is held in memory, though.
    private static let largest = 4 << 30

    let first: Int

    /// - Parameter number: from 1.
    func bytes(ofPart number: Int) -> Int { min(Self.largest, first << ((number - 1) / Self.stride)) }

    /// What may be under way at once: several of the first parts, one of the large ones.
    func window(parts: Int) -> Int { first * parts }
}
