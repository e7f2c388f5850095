/// Expands any gzip or zstd stream piece by piece, for files of other programs: several members or frames in a row included.
package protocol StreamExpander: AnyObject {
    /// Takes the next piece of the file and gives the text it expands to in pieces of at most 256 KiB.
    func expand(_ input: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws -> Void) throws
    /// Called after the last piece: throws when the stream is not over.
    func finish() throws(DumpFormatError)
}

extension Container {
    /// A new stream of this kind.
    package func streamExpander() -> any StreamExpander {
        switch self {
        case .gzip: GzipStream()
        case .zstd: ZstdStream()
        }
    }
}
