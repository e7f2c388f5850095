import CISAL

/// Raw deflate (RFC 1951) by ISA-L, a whole body at once.
final class Inflater: BodyExpander {
    // C keeps tables of a hundred kilobytes here; one allocation serves every member.
    private let state: UnsafeMutablePointer<inflate_state>

    init() {
        state = .zeroed()
    }

    deinit {
        state.deallocate()
    }

    func expand(_ body: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) throws(DumpFormatError) {
        guard let bodyBytes = UInt32(exactly: body.count), let textBytes = UInt32(exactly: text.count) else {
            throw DumpFormatError(.memberTooLarge)
        }
        isal_inflate_init(state)
        state.pointee.next_in = UnsafeMutablePointer(mutating: body.baseAddress?.assumingMemoryBound(to: UInt8.self))
        state.pointee.avail_in = bodyBytes
        state.pointee.next_out = text.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = textBytes
        guard isal_inflate_stateless(state) == ISAL_DECOMP_OK, state.pointee.block_state == ISAL_BLOCK_FINISH,
            state.pointee.avail_in == 0, state.pointee.total_out == textBytes
        else { throw DumpFormatError(.memberBodyDamaged) }
    }
}
