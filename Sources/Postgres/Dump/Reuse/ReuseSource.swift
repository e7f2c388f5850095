package import BackupModel
package import DumpFormat

/// A dump of the same database from before, whose segments stand in the next one where nothing has changed.
package struct ReuseSource: Sendable {
    /// Its file, for messages.
    package let name: String
    package let reader: DumpReader
    /// Rows that were read before this instant are read again, whatever the server says of them.
    package let readSince: Instant

    package init(name: String, reader: DumpReader, readSince: Instant) {
        self.name = name
        self.reader = reader
        self.readSince = readSince
    }

    /// What this dump knows of the catalogs' contents, where they are still the same and were read not long ago; nil: they have to be read.
    func describes(_ snapshot: Snapshot, of request: DumpRequest) -> DumpIndex? {
        let (now, before) = (snapshot.index(for: request), reader.index)
        guard let facts = snapshot.ground.schema, let ground = before.schemaGround, facts.changed.isEmpty,
            facts.catalogs == ground.catalogs, facts.surroundings == ground.surroundings,
            !snapshot.source.holdsOtherRows, ReusePlan.obstacle(now: now, earlier: before) == nil
        else { return nil }
        let span = ReadSpan(since: readSince, startedAt: now.source.startedAt)
        return before.scripts.allSatisfy { span.contains($0.readAt, of: before) } ? before : nil
    }
}
