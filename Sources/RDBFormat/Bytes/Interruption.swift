/// Why a part of the file could not be read to its end.
enum Interruption: Error {
    /// So many bytes more have to arrive. The part is read again from its beginning then.
    case needsMore(Int)
    case failed(RDBFormatError.Reason)
    case unknown(RDBUnknown.Subject, code: UInt64)

    static func malformed(_ expectation: String) -> Self { .failed(.malformed(expectation)) }
}
