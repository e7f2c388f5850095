/// The part of a file that is in memory while one goes through it.
struct ByteWindow {
    private var bytes: [UInt8] = []
    private var dropped = 0
    /// The place in the file after the last byte held.
    var end: Int64 = 0

    /// The place in the file of the first byte held.
    var start: Int64 { end - Int64(count) }
    var count: Int { bytes.count - dropped }

    mutating func append(_ more: [UInt8]) {
        if count == 0 {
            bytes = more
        } else {
            bytes.removeFirst(dropped)
            bytes += more
        }
        dropped = 0
        end += Int64(more.count)
    }

    mutating func drop(_ count: Int) {
        dropped += count
    }

    func withBytes<Result, Failure: Error>(_ body: (UnsafeRawBufferPointer) throws(Failure) -> Result) throws(Failure) -> Result {
        try bytes.withRawBytes { (all) throws(Failure) in try body(UnsafeRawBufferPointer(rebasing: all[dropped...])) }
    }
}
