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
    case encrypted
    case unknown

    package var description: String {
        switch self {
        case .segmented: "segmented dump"
        case .gzipScript: "gzip-compressed SQL script"
        case .zstdScript: "zstd-compressed SQL script"
        case .script: "SQL script"
        case .custom: "pg_dump custom-format archive"
        case .encrypted: "age-encrypted file"
        case .unknown: "unknown file"
        }
    }
}
