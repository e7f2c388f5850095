/// An element of a listpack, ziplist or intset: text, or a number that stands for its decimal digits.
enum PackedValue {
    case text(UnsafeRawBufferPointer)
    case number(Int64)

    func bytes(in scratch: Scratch) -> UnsafeRawBufferPointer {
        switch self {
        case .text(let bytes): bytes
        case .number(let number): scratch.digits(number)
        }
    }

    /// As a score: a number, or the text of a double.
    func score() throws(Interruption) -> Double {
        switch self {
        case .number(let number): Double(number)
        case .text(let bytes): try parsedScore(bytes)
        }
    }

    func integer(_ what: String) throws(Interruption) -> Int64 {
        switch self {
        case .number(let number): return number
        case .text(let bytes):
            guard let number = Int64(String(decoding: bytes, as: UTF8.self)) else { throw .malformed("a number as \(what)") }
            return number
        }
    }
}

/// The text of a double, as C's printf writes it. Redis accepts no NaN as a score.
func parsedScore(_ text: UnsafeRawBufferPointer) throws(Interruption) -> Double {
    guard let score = Double(String(decoding: text, as: UTF8.self)), !score.isNaN else { throw .malformed("a score that is a number") }
    return score
}

/// Elements that stand in one blob behind one another. Everything is checked on the way: lengths, links back, the end.
protocol PackedElements {
    init(_ blob: UnsafeRawBufferPointer) throws(Interruption)
    /// Nil once, at the end. What holds only of the whole (the count in the header, the end marker) has been checked then.
    mutating func next() throws(Interruption) -> PackedValue?
}
