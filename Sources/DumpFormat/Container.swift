/// What the members of a dump are wrapped in. Everything above the wrapping is the same for both.
///
/// `zcat FILE` and `zstd -dc FILE` print exactly the SQL script; what else the file holds stands where those programs skip.
package enum Container: String, Sendable, Codable, CaseIterable {
    /// RFC 1952 members, each with an extra field.
    case gzip
    /// A skippable frame with the same subfields, then a zstd frame (RFC 8878) with a content checksum.
    case zstd

    /// The end of a file's name, without a leading dot.
    package var fileEnding: String {
        switch self {
        case .gzip: "sql.gz"
        case .zstd: "sql.zst"
        }
    }
}
