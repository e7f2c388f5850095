/// What a file that is to be verified turned out to be.
package enum FileKind: String, Sendable, Codable {
    /// A dump of this system, with an index.
    case segmented
    /// A plain script, compressed by anything.
    case gzipScript
    case zstdScript
    case script
    /// pg_dump's custom format.
    case custom
    /// A Redis RDB file.
    case rdb
    case gzipRDB
    case encrypted
    case unknown

    /// Whether what a server has restored of it can be compared with it.
    package var holdsDigests: Bool { [.segmented, .rdb, .gzipRDB].contains(self) }

    package var description: String {
        switch self {
        case .segmented: "segmented dump"
        case .gzipScript: "gzip-compressed SQL script"
        case .zstdScript: "zstd-compressed SQL script"
        case .script: "SQL script"
        case .custom: "pg_dump custom-format archive"
        case .rdb: "Redis RDB file"
        case .gzipRDB: "gzip-compressed Redis RDB file"
        case .encrypted: "age-encrypted file"
        case .unknown: "unknown file"
        }
    }
}
