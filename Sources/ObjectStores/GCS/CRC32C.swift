import CISAL

/// The checksum Google keeps of every object: CRC-32C (Castagnoli), in base 64 of its big-endian bytes ("Hashes and ETags" of the documentation).
struct CRC32C: Sendable, Equatable {
    private var state: UInt32 = 0xffff_ffff

    var value: UInt32 { ~state }

    init() {}

    init(of bytes: some Collection<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil { update(Array(bytes)) }
    }

    mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        // ISA-L takes an int for the length and a pointer it does not write through.
        let pointer = UnsafeMutablePointer(mutating: start.assumingMemoryBound(to: UInt8.self))
        var done = 0
        while done < bytes.count {
            let count = min(bytes.count - done, 1 << 30)
            state = crc32_iscsi(pointer + done, Int32(count), state)
            done += count
        }
    }

    /// As JSON and headers have it.
    var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = UInt64(value) << 4
        return String((0..<6).map { alphabet[Int(bits >> (30 - 6 * UInt64($0)) & 63)] }) + "=="
    }
}
