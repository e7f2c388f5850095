/// One file of a recovery point: a dump of one database, the roles of the server, a copy of a Redis.
package struct Artifact: Sendable, Equatable {
    /// Its name in every store that holds it.
    package var key: String
    package var kind: Kind
    package var format: Format
    /// The database it is a dump of; nil for what belongs to the whole server.
    package var database: String?
    package var bytes: Int64
    /// SHA-256 of the whole file, 64 lowercase hexadecimal digits.
    package var sha256: String
    package var tables: Int?
    package var rows: Int64?
    /// Rows by table, under qualified names quoted where SQL asks for it; nil where the file does not say.
    package var tableRows: [String: Int64]?
    /// Of all databases of a Redis.
    package var keys: Int64?
    /// Nil for a file anybody can read.
    package var encryption: Encryption?
    /// Nil for what is always read.
    package var origins: RowOrigins?
    package var unknown = UnknownFields()

    package init(
        key: String, kind: Kind, format: Format, database: String? = nil, bytes: Int64, sha256: String, tables: Int? = nil,
        rows: Int64? = nil, tableRows: [String: Int64]? = nil, keys: Int64? = nil, encryption: Encryption? = nil,
        origins: RowOrigins? = nil
    ) {
        self.key = key
        self.kind = kind
        self.format = format
        self.database = database
        self.bytes = bytes
        self.sha256 = sha256
        self.tables = tables
        self.rows = rows
        self.tableRows = tableRows
        self.keys = keys
        self.encryption = encryption
        self.origins = origins
    }
}

extension Artifact {
    /// What an artifact is. Open: a newer version's kinds are carried along unread.
    package struct Kind: RawRepresentable, Sendable, Hashable, Codable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let postgresDump = Kind(rawValue: "postgresDump")
        package static let globals = Kind(rawValue: "globals")
        package static let redisDump = Kind(rawValue: "redisDump")
    }

    /// How its bytes are laid out. Open for the same reason.
    package struct Format: RawRepresentable, Sendable, Hashable, Codable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        package static let gzippedSQL = Format(rawValue: "sql.gz")
        package static let zstandardSQL = Format(rawValue: "sql.zst")
        /// pg_dump's custom format.
        package static let custom = Format(rawValue: "custom")
        package static let sql = Format(rawValue: "sql")
        /// A Redis RDB file, gzip.
        package static let gzippedRDB = Format(rawValue: "rdb.gz")

        /// Whether a dump of it says how many rows there are and what they digest to, so that restored ones can be compared with it.
        package var holdsDigests: Bool { self == .gzippedSQL || self == .zstandardSQL }

        /// The ending of its files' names, without the dot.
        package var fileExtension: String { self == .custom ? "dump" : rawValue }
    }
}

extension Artifact: Codable {
    private enum CodingKeys: String, CodingKey {
        case key, kind, format, database, bytes, sha256, tables, rows, tableRows, keys, encryption, origins
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        key = try fields.decode(String.self, forKey: .key)
        kind = try fields.decode(Kind.self, forKey: .kind)
        format = try fields.decode(Format.self, forKey: .format)
        database = try fields.decodeIfPresent(String.self, forKey: .database)
        bytes = try fields.decodeCount(forKey: .bytes)
        sha256 = try fields.decode(String.self, forKey: .sha256)
        tables = try fields.decodeIfPresent(Int.self, forKey: .tables)
        rows = try fields.decodeCountIfPresent(forKey: .rows)
        tableRows = try fields.decodeCountsIfPresent(forKey: .tableRows)
        keys = try fields.decodeCountIfPresent(forKey: .keys)
        encryption = try fields.decodeIfPresent(Encryption.self, forKey: .encryption)
        origins = try fields.decodeIfPresent(RowOrigins.self, forKey: .origins)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(key, forKey: .key)
        try fields.encode(kind, forKey: .kind)
        try fields.encode(format, forKey: .format)
        try fields.encodeIfPresent(database, forKey: .database)
        try fields.encode(bytes, forKey: .bytes)
        try fields.encode(sha256, forKey: .sha256)
        try fields.encodeIfPresent(tables, forKey: .tables)
        try fields.encodeIfPresent(rows, forKey: .rows)
        try fields.encodeIfPresent(tableRows, forKey: .tableRows)
        try fields.encodeIfPresent(keys, forKey: .keys)
        try fields.encodeIfPresent(encryption, forKey: .encryption)
        try fields.encodeIfPresent(origins, forKey: .origins)
    }
}
