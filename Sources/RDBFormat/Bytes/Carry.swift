/// Bytes kept between two calls of the reader: the beginning of an element whose end has not arrived.
final class Carry {
    private static let keptBytes = 1 << 20

    // Unsafe, so that the parser may change itself while it looks at these bytes.
    private var memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init() {
        memory = .allocate(byteCount: 4_096, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var capacity: Int { memory.count }
    var isEmpty: Bool { count == 0 }
    /// Valid until the next change.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    func append(_ bytes: UnsafeRawBufferPointer) {
        if bytes.count > memory.count - count { grow(to: max(count + bytes.count, 2 * memory.count)) }
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    func removeFirst(_ removed: Int) {
        let rest = UnsafeRawBufferPointer(rebasing: memory[removed..<count])
        memory.copyMemory(from: rest)
        count = rest.count
        if count <= Self.keptBytes, memory.count > 2 * Self.keptBytes { grow(to: Self.keptBytes) }
    }

    private func grow(to size: Int) {
        let replacement = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        replacement.copyMemory(from: bytes)
        memory.deallocate()
        memory = replacement
    }
}
