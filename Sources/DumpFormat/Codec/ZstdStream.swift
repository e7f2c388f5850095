import CZstd

/// zstd frames one after another; skippable frames are skipped, content checksums checked where frames carry them.
final class ZstdStream: StreamExpander {
    private let context: OpaquePointer
    private let scratch: UnsafeMutableRawBufferPointer
    private var isBetweenFrames = false

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("out of memory") }
        self.context = context
        scratch = .allocate(byteCount: compressedPiece, alignment: 64)
    }

    deinit {
        ZSTD_freeDCtx(context)
        scratch.deallocate()
    }

    func expand(_ input: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var isFull = false
        while source.pos < source.size || isFull {
            var produced = ZSTD_outBuffer(dst: scratch.baseAddress, size: scratch.count, pos: 0)
            let wanted = ZSTD_decompressStream(context, &produced, &source)
            guard ZSTD_isError(wanted) == 0 else { throw DumpFormatError(.memberBodyDamaged) }
            try take(UnsafeRawBufferPointer(rebasing: scratch[..<produced.pos]))
            isBetweenFrames = wanted == 0
            isFull = !isBetweenFrames && produced.pos == produced.size
        }
    }

    func finish() throws(DumpFormatError) {
        guard isBetweenFrames else { throw DumpFormatError(.memberTruncated) }
    }
}
