import DumpFormat

/// Compares a part of a script, while it passes by, with the list of its entries in the index: a statement taken out of the script is
/// missing in the restored database as well, and only the list still knows of it.
struct ScriptListCheck: ~Copyable {
    private var entries: ArraySlice<DumpIndex.ScriptEntry>
    private var checksum = Checksum()
    /// The digest of the part's whole text; nil where none was kept.
    private let digest: String?
    private let kind: String
    private(set) var differences: [ProofDifference] = []

    init(_ kind: DumpIndex.ScriptPart.Kind, in index: DumpIndex) {
        entries = (index.part(kind)?.entries ?? []).filter { $0.type != ScriptTOC.preamble }[...]
        digest = kind == .preData && !index.definitionsDigest.isEmpty ? index.definitionsDigest : nil
        self.kind = kind.rawValue
    }

    mutating func meet(_ header: EntryHeader, at offset: Int64) {
        guard let place = entries.firstIndex(where: { header.isOf($0) }) else {
            differences.append(
                ProofDifference(subject: "\(DefinitionName(header)) in the \(kind) script", expected: "not listed", found: "there"))
            return
        }
        for entry in entries[..<place] { differences.append(Self.missing(entry, kind)) }
        let entry = entries[place]
        entries = entries[(place + 1)...]
        guard !(entry.offset..<(entry.offset + entry.length)).contains(offset) else { return }
        differences.append(
            ProofDifference(
                subject: "\(DefinitionName(entry)) in the \(kind) script", expected: "at byte \(entry.offset)", found: "at byte \(offset)"))
    }

    mutating func take(_ text: [UInt8]) { checksum.update(text) }

    /// - Returns: everything that is not as listed.
    mutating func finish() -> [ProofDifference] {
        for entry in entries { differences.append(Self.missing(entry, kind)) }
        entries = []
        if let digest, digest != checksum.hex {
            differences.append(
                ProofDifference(
                    subject: "the \(kind) script", expected: "text of digest \(digest)", found: "text of digest \(checksum.hex)"))
        }
        return differences
    }

    private static func missing(_ entry: DumpIndex.ScriptEntry, _ kind: String) -> ProofDifference {
        ProofDifference(subject: "\(DefinitionName(entry)) in the \(kind) script", expected: "there", found: "missing")
    }
}

extension EntryHeader {
    fileprivate func isOf(_ entry: DumpIndex.ScriptEntry) -> Bool { type == entry.type && name == entry.name && schema == entry.schema }
}

extension DefinitionName {
    init(_ header: EntryHeader) { self.init(type: header.type, schema: header.schema, name: header.name) }

    fileprivate init(_ entry: DumpIndex.ScriptEntry) { self.init(type: entry.type, schema: entry.schema, name: entry.name) }
}
