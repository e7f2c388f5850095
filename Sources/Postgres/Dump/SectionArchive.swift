import DumpFormat

/// pg_dump's archive of some sections, without rows.
struct SectionArchive: Sendable {
    /// What it tells all of.
    let kinds: Set<DumpIndex.ScriptPart.Kind>
    let bytes: [UInt8]
}
