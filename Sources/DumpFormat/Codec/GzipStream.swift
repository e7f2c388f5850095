import CISAL

/// Members of RFC 1952 one after another, by ISA-L, which checks header, CRC-32 and length of each.
final class GzipStream: StreamExpander {
    private let state: UnsafeMutablePointer<inflate_state>
    private let scratch: UnsafeMutableRawBufferPointer
    private var isBetweenMembers = true
    private var hasMembers = false

    init() {
        state = .zeroed()
        scratch = .allocate(byteCount: compressedPiece, alignment: 64)
    }

    deinit {
        state.deallocate()
        scratch.deallocate()
    }

    func expand(_ input: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let count = UInt32(exactly: input.count) else { throw DumpFormatError(.memberTooLarge) }
        state.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        state.pointee.avail_in = count
        var isFull = false
        while state.pointee.avail_in > 0 || isFull {
            if isBetweenMembers { begin() }
            isFull = try step(take)
        }
    }

    func finish() throws(DumpFormatError) {
        guard isBetweenMembers, hasMembers else { throw DumpFormatError(.memberTruncated) }
    }

    private func begin() {
        let (input, count) = (state.pointee.next_in, state.pointee.avail_in)
        isal_inflate_init(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
        state.pointee.next_in = input
        state.pointee.avail_in = count
        isBetweenMembers = false
        hasMembers = true
    }

    /// Returns whether there may be more output without more input.
    private func step(_ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        state.pointee.next_out = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(scratch.count)
        switch isal_inflate(state) {
        case ISAL_DECOMP_OK: break
        case ISAL_INCORRECT_CHECKSUM: throw DumpFormatError(.memberTextMismatch)
        case ISAL_INVALID_WRAPPER, ISAL_UNSUPPORTED_METHOD: throw DumpFormatError(.memberHeaderDamaged)
        default: throw DumpFormatError(.memberBodyDamaged)
        }
        let written = scratch.count - Int(state.pointee.avail_out)
        try take(UnsafeRawBufferPointer(rebasing: scratch[..<written]))
        isBetweenMembers = state.pointee.block_state == ISAL_BLOCK_FINISH
        return !isBetweenMembers && state.pointee.avail_out == 0
    }
}
