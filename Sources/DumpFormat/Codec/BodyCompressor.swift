/// Compresses the text of one member after another. An object of its own because the C state behind it is large and kept between members.
protocol BodyCompressor: AnyObject {
    /// Appends the compressed form of the pieces, one after another, to `output`.
    /// The same pieces give the same bytes, whatever was compressed before.
    func compress(_ pieces: [UnsafeRawBufferPointer], into output: inout [UInt8]) throws(DumpFormatError)
}

/// Compressed bytes are collected through a piece of this size.
let compressedPiece = 256 << 10
