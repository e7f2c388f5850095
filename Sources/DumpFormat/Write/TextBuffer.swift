/// Text waiting for its member: a fixed piece of memory, so that adding a row is one copy and no allocation.
struct TextBuffer: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int) {
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit {
        memory.deallocate()
    }

    var room: Int { memory.count - count }

    /// The caller has checked that there is room.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: bytes)
        count += bytes.count
    }

    mutating func removeAll() {
        count = 0
    }

    func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(DumpFormatError) -> Result
    ) throws(DumpFormatError) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }
}
