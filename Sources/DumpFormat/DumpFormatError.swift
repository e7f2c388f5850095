/// What is wrong with a dump, and where, as far as it is known.
///
/// `offset` counts bytes from the start of the file, `segment` from zero within its table, `rows` from zero within its segment.
package struct DumpFormatError: Error, Sendable, Equatable {
    package var reason: Reason
    package var table: String?
    package var segment: Int?
    package var rows: Range<Int64>?
    package var offset: Int64?

    package init(
        _ reason: Reason, table: String? = nil, segment: Int? = nil, rows: Range<Int64>? = nil, offset: Int64? = nil
    ) {
        self.reason = reason
        self.table = table
        self.segment = segment
        self.rows = rows
        self.offset = offset
    }
}

extension DumpFormatError {
    package enum Reason: Sendable, Equatable {
        /// The file does not end with a closing member: cut off, appended to, or not a segmented dump.
        case closingMemberMissing
        /// The closing member does not agree with itself or with the file.
        case closingMemberDamaged(String)
        /// The index pages or the document in them cannot be believed.
        case indexDamaged(String)
        /// Written by a later version of the format.
        case unknownFormatVersion(Int)
        /// No member begins where one should.
        case memberHeaderDamaged
        /// A member goes on beyond the place where it has to end.
        case memberTruncated
        /// The compressed body cannot be decoded.
        case memberBodyDamaged
        /// The text does not have the member's own checksum or length.
        case memberTextMismatch
        /// The text of a member is not one whole COPY statement.
        case copyStatementMalformed
        /// Bytes between extents that are not the padding the format asks for.
        case paddingDamaged
        /// Counted or computed something else than the index records.
        case mismatch(of: String, recorded: String, found: String)
        /// A row given to the encoder does not end with a newline, or is the end marker of COPY.
        case rowMalformed
        /// A member would be longer than the format can say (4 GiB).
        case memberTooLarge
        /// The compression library refused, with its code.
        case compressionFailed(Int)
    }
}

extension DumpFormatError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closingMemberMissing: "the closing member is missing"
        case .closingMemberDamaged(let what): "the closing member is damaged: \(what)"
        case .indexDamaged(let what): "the index is damaged: \(what)"
        case .unknownFormatVersion(let version): "format version \(version) is not known to this version"
        case .memberHeaderDamaged: "the header of a member is damaged"
        case .memberTruncated: "a member is cut off"
        case .memberBodyDamaged: "the compressed data of a member is damaged"
        case .memberTextMismatch: "the text of a member does not have its recorded checksum and length"
        case .copyStatementMalformed: "the text of a member is not one whole COPY statement"
        case .paddingDamaged: "padding between segments is damaged"
        case .mismatch(let what, let recorded, let found): "\(what): the index says \(recorded), the file holds \(found)"
        case .rowMalformed: "a row is not COPY text ending with a newline"
        case .memberTooLarge: "a member would exceed 4 GiB"
        case .compressionFailed(let code): "compression failed with code \(code)"
        }
    }
}

extension DumpFormatError: CustomStringConvertible {
    package var description: String {
        var places: [String] = []
        if let table { places.append("table \(table)") }
        if let segment { places.append("segment \(segment)") }
        if let rows {
            places.append(rows.count <= 1 ? "row \(rows.lowerBound &+ 1)" : "rows \(rows.lowerBound &+ 1) to \(rows.upperBound)")
        }
        if let offset { places.append("offset \(offset)") }
        return places.isEmpty ? "\(reason)" : "\(reason) (\(places.joined(separator: ", ")))"
    }
}
