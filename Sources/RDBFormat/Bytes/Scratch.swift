/// Memory for one string that does not stand in the file as such: a number, or something compressed.
///
/// A class without copies of its memory: the parser hands out pointers into it, which hold until the next string is made here.
final class Scratch {
    private static let keptBytes = 1 << 20

    // Unsafe, so that the strings of a file can be made in one place without an allocation for each of them.
    private var memory: UnsafeMutableRawBufferPointer

    init() {
        memory = .allocate(byteCount: 256, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var capacity: Int { memory.count }

    func digits(_ value: Int64) -> UnsafeRawBufferPointer {
        DecimalDigits.write(value, to: UnsafeMutableRawBufferPointer(rebasing: memory[..<DecimalDigits.capacity]))
    }

    /// Room for `count` bytes.
    func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
        if count > memory.count {
            memory.deallocate()
            memory = .allocate(byteCount: max(count, min(2 * memory.count, Self.keptBytes)), alignment: 16)
        }
        return UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
    }

    /// Gives memory back after an unusually large string.
    func shrink() {
        guard memory.count > Self.keptBytes else { return }
        memory.deallocate()
        memory = .allocate(byteCount: Self.keptBytes, alignment: 16)
    }
}
