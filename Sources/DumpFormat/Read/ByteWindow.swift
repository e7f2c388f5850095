/// The part of a range of a file that is in memory while one goes through it, filled in pieces of at most a few megabytes.
struct ByteWindow {
    private let read: DumpReader.Read
    private var bytes: [UInt8] = []
    private var dropped = 0
    /// The place in the file after the last byte held.
    private var filled: Int64
    /// The place in the file where the range ends.
    let end: Int64

    /// Compressed bytes asked for at once.
    private static let pieceBytes: Int64 = 2 << 20

    init(_ range: Range<Int64>, read: @escaping DumpReader.Read) {
        self.read = read
        filled = range.lowerBound
        end = range.upperBound
    }

    /// The place in the file of the first byte held.
    var start: Int64 { filled - Int64(count) }
    var count: Int { bytes.count - dropped }
    /// What is left of the range, held or not.
    var remaining: Int64 { end - start }

    /// Makes the next `needed` bytes of the range, or as many as it has, stand in memory.
    mutating func fill(_ needed: Int) async throws {
        guard count < needed, filled < end else { return }
        let more = try await read(filled, Int(min(max(Int64(needed - count), Self.pieceBytes), end - filled)))
        if count == 0 {
            bytes = more
        } else {
            bytes.removeFirst(dropped)
            bytes += more
        }
        dropped = 0
        filled += Int64(more.count)
    }

    mutating func drop(_ count: Int) {
        dropped += count
    }

    func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try bytes.withRawBytes { (all) throws(Failure) in try body(UnsafeRawBufferPointer(rebasing: all[dropped...])) }
    }

    /// The next `count` bytes, which are held.
    func prefix(_ count: Int) -> [UInt8] { Array(bytes[dropped...].prefix(count)) }
}
