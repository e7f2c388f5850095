/// Where the rows of a dump, or the data of a Redis, come from: the server, or an earlier backup that holds the same.
package struct RowOrigins: Sendable, Equatable {
    /// Compressed bytes that were taken over: of rows, before encryption; of a Redis the whole file.
    package var reusedBytes: Int64
    /// Compressed bytes that were read from the server, in the same way.
    package var readBytes: Int64
    /// The file they were taken over from; nil where none could lend anything.
    package var source: String?
    /// One sentence with the evidence, where what the server called unchanged was read again and was not the same. Everything was read then.
    package var difference: String?
    /// Why nothing was taken over, where there was something to take it from; nil also where it is not known.
    package var reason: String?
    /// Segments that the server called unchanged, and that were read all the same and found so; nil where nothing was to be audited.
    package var auditedSegments: Int64?
    package var unknown = UnknownFields()

    package init(
        reusedBytes: Int64, readBytes: Int64, source: String? = nil, difference: String? = nil, reason: String? = nil,
        auditedSegments: Int64? = nil
    ) {
        self.reusedBytes = reusedBytes
        self.readBytes = readBytes
        self.source = source
        self.difference = difference
        self.reason = reason
        self.auditedSegments = auditedSegments
    }
}

extension RowOrigins: Codable {
    private enum CodingKeys: CodingKey { case reusedBytes, readBytes, source, difference, reason, auditedSegments }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        reusedBytes = try fields.decode(Int64.self, forKey: .reusedBytes)
        readBytes = try fields.decode(Int64.self, forKey: .readBytes)
        source = try fields.decodeIfPresent(String.self, forKey: .source)
        difference = try fields.decodeIfPresent(String.self, forKey: .difference)
        reason = try fields.decodeIfPresent(String.self, forKey: .reason)
        auditedSegments = try fields.decodeCountIfPresent(forKey: .auditedSegments)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(reusedBytes, forKey: .reusedBytes)
        try fields.encode(readBytes, forKey: .readBytes)
        try fields.encodeIfPresent(source, forKey: .source)
        try fields.encodeIfPresent(difference, forKey: .difference)
        try fields.encodeIfPresent(reason, forKey: .reason)
        try fields.encodeIfPresent(auditedSegments, forKey: .auditedSegments)
    }
}

extension [RowOrigins] {
    /// Of all dumps of a backup; nil where none says it.
    package var total: RowOrigins? {
        guard !isEmpty else { return nil }
        let audited = compactMap(\.auditedSegments)
        return RowOrigins(
            reusedBytes: reduce(0) { $0 + $1.reusedBytes }, readBytes: reduce(0) { $0 + $1.readBytes }, reason: reasons,
            auditedSegments: audited.isEmpty ? nil : audited.reduce(0, +))
    }

    /// Each once, in the order of the dumps.
    private var reasons: String? {
        var told: [String] = []
        for reason in compactMap(\.reason) where !told.contains(reason) { told.append(reason) }
        return told.isEmpty ? nil : told.joined(separator: "; ")
    }
}
