import DumpFormat

/// Where the script of a dump comes from.
enum ScriptSource: Sendable {
    /// pg_dump, which has been asked already where there is an archive.
    case program(SectionArchive?)
    /// An earlier dump, whose script it is: the parts in the order of the file, and the digest of the first one's text.
    case earlier([Part], definitionsDigest: String)

    struct Part: Sendable {
        let part: DumpIndex.ScriptPart
        /// As they stand in the file.
        let bytes: [UInt8]
        /// The instant of the snapshot it was read in.
        let readAt: String
    }
}
