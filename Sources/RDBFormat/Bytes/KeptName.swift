/// The beginning of a key's name, kept while its value is read: an error says it.
final class KeptName {
    private static let capacity = 256

    // Unsafe, because this is done for every key and an array costs a tenth of a small key's time.
    private let memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init() {
        memory = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    var bytes: [UInt8] { Array(memory[..<count]) }

    func keep(_ name: UnsafeRawBufferPointer) {
        count = min(name.count, Self.capacity)
        memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: name[..<count]))
    }
}
