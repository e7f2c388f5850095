/// Integers as the text they stand for: Redis stores many strings as numbers, and a reader gives them back as strings.
enum DecimalDigits {
    /// A sign and nineteen digits.
    static let capacity = 20

    /// Writes the digits to the end of `buffer` (at least `capacity` bytes) and returns that end.
    static func write(_ value: Int64, to buffer: UnsafeMutableRawBufferPointer) -> UnsafeRawBufferPointer {
        var rest = value.magnitude
        var start = buffer.count
        repeat {
            start -= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            buffer[start] = 0x30 + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest != 0
        if value < 0 {
            start -= 1
            buffer[start] = UInt8(ascii: "-")
        }
        return UnsafeRawBufferPointer(rebasing: buffer[start...])
    }
}
