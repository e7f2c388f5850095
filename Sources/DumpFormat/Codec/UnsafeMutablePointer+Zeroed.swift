import Glibc

extension UnsafeMutablePointer {
    /// Room for one C struct, all bytes zero, aligned to a cache line as ISA-L asks for.
    static func zeroed() -> Self {
        let size = MemoryLayout<Pointee>.size
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        memset(bytes, 0, size)
        return bytes.bindMemory(to: Pointee.self, capacity: 1)
    }
}
