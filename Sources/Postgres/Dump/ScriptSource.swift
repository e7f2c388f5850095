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
        /// The instant of the snapshot it was read in; nil: values of today's were put into it.
        let readAt: String?
    }
}

extension ScriptSource.Part {
    /// The data part, as if pg_dump had written it in today's snapshot.
    init(data text: [UInt8], container: Container) throws(DumpFormatError) {
        var encoder = ScriptEncoder(container: container)
        var members = try encoder.append(text)
        let (rest, summary) = try encoder.finish()
        members += rest
        self.init(part: DumpIndex.ScriptPart(kind: .data, offset: 0, summary: summary), bytes: members.flatMap { $0 }, readAt: nil)
    }
}
