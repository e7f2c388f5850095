import CISAL

/// One gzip member (RFC 1952) around a stream of any length, by ISA-L, without file name and time: the same bytes give the same file.
package final class GzipCompressor {
    private let deflater = Deflater()

    package init() {
        deflater.begin(wrapping: IGZIP_GZIP)
    }

    /// Takes the next piece of the stream and gives what it adds to the file; often nothing, as the compressor gathers.
    package func compress(_ bytes: [UInt8]) throws(DumpFormatError) -> [UInt8] {
        var output: [UInt8] = []
        try bytes.withRawBytes { (piece) throws(DumpFormatError) in try deflater.feed(piece, isLast: false, into: &output) }
        return output
    }

    /// The end of the file. Nothing may be compressed after it.
    package func finish() throws(DumpFormatError) -> [UInt8] {
        var output: [UInt8] = []
        try deflater.feed(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, into: &output)
        return output
    }
}
