import CZstd

/// One zstd frame at once, its content checksum included.
final class ZstdExpander: BodyExpander {
    private let context: OpaquePointer

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("out of memory") }
        self.context = context
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    func expand(_ body: UnsafeRawBufferPointer, into text: UnsafeMutableRawBufferPointer) throws(DumpFormatError) {
        guard ZSTD_findFrameCompressedSize(body.baseAddress, body.count) == body.count else { throw DumpFormatError(.memberBodyDamaged) }
        let written = ZSTD_decompressDCtx(context, text.baseAddress, text.count, body.baseAddress, body.count)
        guard ZSTD_isError(written) == 0, written == text.count else { throw DumpFormatError(.memberBodyDamaged) }
    }

    /// The length of the text as the frame's header says, nil where it does not.
    static func textBytes(in body: UnsafeRawBufferPointer) -> UInt64? {
        let size = ZSTD_getFrameContentSize(body.baseAddress, body.count)
        // The two highest values stand for "unknown" and "error".
        return size >= UInt64.max - 1 ? nil : size
    }
}
