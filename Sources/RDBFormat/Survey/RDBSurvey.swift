/// Reads a whole RDB file and says what is in it: proves its structure and checksum, counts and digests its keys.
///
/// Memory does not depend on the data, but for the largest element of a collection (see `RDBReader`).
package struct RDBSurvey: ~Copyable {
    private var reader: RDBReader<RDBSurveyor>

    /// - Parameter selection: what of the file is counted and digested; nil: everything.
    package init(selection: RDBSelection? = nil, elementLimit: Int = 1 << 30) {
        reader = RDBReader(receiver: RDBSurveyor(selection: selection), elementLimit: elementLimit)
    }

    package var bufferedBytes: Int { reader.bufferedBytes }

    package mutating func read(_ bytes: UnsafeRawBufferPointer) throws(RDBFormatError) {
        try reader.read(bytes)
    }

    /// No more bytes come.
    package mutating func finish() throws(RDBFormatError) -> RDBSummary {
        let ending = try reader.finish()
        return try reader.receiver.summary(ending)
    }
}
