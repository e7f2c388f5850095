import CISAL

/// Raw deflate (RFC 1951) by ISA-L.
final class Deflater: BodyCompressor {
    /// On call records level 1 takes 5 % longer than level 0 and is a quarter smaller; levels 2 and 3 take 10 % and 70 % longer for 1 to 3 %.
    static let textLevel: UInt32 = 1
    /// For the index document, which is small and read over and over.
    static let documentLevel: UInt32 = 3

    // C keeps pointers into the stream and its level buffer between calls, so both live at fixed addresses until deinit.
    private let stream: UnsafeMutablePointer<isal_zstream>
    private let levelBuffer: UnsafeMutableRawBufferPointer
    private let scratch: UnsafeMutableRawBufferPointer
    private let level: UInt32
    /// The first bytes, until they are enough for a first call.
    private var head: [UInt8] = []

    init(level: UInt32 = Deflater.textLevel) {
        self.level = level
        stream = .zeroed()
        levelBuffer = .allocate(byteCount: Self.levelBufferBytes, alignment: 64)
        scratch = .allocate(byteCount: compressedPiece, alignment: 64)
    }

    deinit {
        stream.deallocate()
        levelBuffer.deallocate()
        scratch.deallocate()
    }

    /// Covers ISAL_DEF_LVL1_DEFAULT … ISAL_DEF_LVL3_DEFAULT, which are expressions Swift does not import.
    private static let levelBufferBytes = 512 << 10

    func compress(_ pieces: [UnsafeRawBufferPointer], into output: inout [UInt8]) throws(DumpFormatError) {
        begin()
        for (number, piece) in pieces.enumerated() {
            try feed(piece, isLast: number == pieces.count - 1, into: &output)
        }
    }

    /// Starts afresh.
    /// - Parameter flag: what goes around the compressed bytes: nothing (`IGZIP_DEFLATE`), or gzip's header and trailer (`IGZIP_GZIP`).
    func begin(wrapping flag: Int32 = IGZIP_DEFLATE) {
        isal_deflate_init(stream)
        stream.pointee.level = level
        stream.pointee.level_buf = levelBuffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.level_buf_size = UInt32(levelBuffer.count)
        stream.pointee.gzip_flag = UInt16(flag)
        head.removeAll(keepingCapacity: true)
    }

    /// Longer than what ISA-L looks ahead (ISAL_LOOK_AHEAD) by the one byte that its first call compresses then.
    private static let headBytes = 289

    /// At the levels 1 and 2 ISA-L remembers the third byte under a hash of what it finds in a register, which is the address of its own state
    /// (`write_first_byte` of igzip_icf_body_h1_gr_bt.asm, at least up to 2.32): once in some thousand processes it finds a repetition that it does not
    /// find in the others. A first call that ends behind the first byte does without, and so does level 3, for what is too short for two calls.
    func feed(_ piece: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8]) throws(DumpFormatError) {
        guard head.count < Self.headBytes else { return try pass(piece, isLast: isLast, into: &output) }
        let missing = piece.prefix(Self.headBytes - head.count)
        head += missing
        let rest = UnsafeRawBufferPointer(rebasing: piece.dropFirst(missing.count))
        guard head.count == Self.headBytes || isLast else { return }
        let isAll = isLast && rest.isEmpty
        if isAll { stream.pointee.level = Self.documentLevel }
        try head.withRawBytes { (head) throws(DumpFormatError) in try pass(head, isLast: isAll, into: &output) }
        if !isAll { try pass(rest, isLast: isLast, into: &output) }
    }

    private func pass(_ piece: UnsafeRawBufferPointer, isLast: Bool, into output: inout [UInt8]) throws(DumpFormatError) {
        guard let count = UInt32(exactly: piece.count) else { throw DumpFormatError(.memberTooLarge) }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = count
        stream.pointee.end_of_stream = isLast ? 1 : 0
        repeat {
            stream.pointee.next_out = scratch.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(scratch.count)
            let result = isal_deflate(stream)
            guard result == COMP_OK else { throw DumpFormatError(.compressionFailed(Int(result))) }
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<(scratch.count - Int(stream.pointee.avail_out))]))
        } while stream.pointee.avail_out == 0 || stream.pointee.avail_in > 0
    }
}
