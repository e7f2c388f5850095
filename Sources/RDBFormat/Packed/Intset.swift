/// An intset: bytes per number (2, 4 or 8) and number of numbers (32 bits each), numbers in ascending order.
struct Intset: PackedElements {
    private static let headerBytes = 8

    private let blob: UnsafeRawBufferPointer
    private let width: Int
    private var position = Self.headerBytes
    private var last: Int64?

    init(_ blob: UnsafeRawBufferPointer) throws(Interruption) {
        guard blob.count >= Self.headerBytes else { throw .malformed("the header of an intset") }
        width = Int(UInt32(littleEndian: blob.loadUnaligned(as: UInt32.self)))
        let count = Int(UInt32(littleEndian: blob.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        guard [2, 4, 8].contains(width) else { throw .malformed("2, 4 or 8 bytes for each number of an intset") }
        guard blob.count == Self.headerBytes + width * count else { throw .malformed("an intset of \(count) numbers") }
        self.blob = blob
    }

    mutating func next() throws(Interruption) -> PackedValue? {
        guard position < blob.count else { return nil }
        let number = number()
        guard last.map({ $0 < number }) ?? true else { throw .malformed("the numbers of an intset in ascending order") }
        last = number
        position += width
        return .number(number)
    }

    private func number() -> Int64 {
        switch width {
        case 2: Int64(Int16(littleEndian: blob.loadUnaligned(fromByteOffset: position, as: Int16.self)))
        case 4: Int64(Int32(littleEndian: blob.loadUnaligned(fromByteOffset: position, as: Int32.self)))
        default: Int64(littleEndian: blob.loadUnaligned(fromByteOffset: position, as: Int64.self))
        }
    }
}
