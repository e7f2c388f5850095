import BackupModel
import DumpFormat

/// Puts pieces into the file in the order they come in, and remembers in the index where everything lies.
struct DumpAssembly {
    private let plan: DumpPlan
    private let slots: DumpSlots
    private let sink: any ByteSink
    private var writer: DumpWriter
    private var begun: Int?
    private var tables: [DumpIndex.Table]
    private var scripts: [DumpIndex.ScriptPart] = []
    private var definitions = ""

    init(plan: DumpPlan, slots: DumpSlots, container: Container, sink: any ByteSink) {
        self.plan = plan
        self.slots = slots
        self.sink = sink
        writer = DumpWriter(container: container)
        tables = plan.tables.map(Self.entry)
    }

    mutating func take(_ piece: DumpPiece, slot: Int) async throws {
        switch piece {
        case .member(let bytes):
            try await begin(slot)
            try await write(bytes)
        case .segmentEnd(let summary): try await end(slot, with: summary)
        case .scriptEnd(let summary, let entries, let checksum):
            try await begin(slot)
            guard case .script(let kind) = slots.contents[slot] else { return }
            scripts.append(try writer.scriptPart(kind, summary: summary, entries: entries))
            if kind == .preData { definitions = checksum }
        }
    }

    /// Writes the index; the file is whole then.
    mutating func finish(_ request: DumpRequest, snapshot: Snapshot) async throws -> DumpIndex {
        let index = DumpIndex(
            tool: request.tool,
            source: snapshot.source.indexed(snapshot: snapshot.name, startedAt: snapshot.takenAt, finishedAt: request.timestamp()),
            session: SessionSettings.byName, extensions: snapshot.source.extensions, definitionsDigest: definitions,
            database: snapshot.source.properties, census: snapshot.census, tables: tables, scripts: scripts)
        try await sink.write(try writer.finish(index))
        return index
    }

    private mutating func end(_ slot: Int, with summary: SegmentSummary) async throws {
        try await begin(slot)
        guard case .segment(let table, let range) = slots.contents[slot] else { return }
        tables[table].add(try writer.segment(lo: range.lo, hi: range.hi, summary: summary), rowBytes: summary.rowBytes)
    }

    private mutating func begin(_ slot: Int) async throws {
        guard begun != slot else { return }
        begun = slot
        let padding = writer.begin(aligned: isAligned(slot))
        if !padding.isEmpty { try await sink.write(padding) }
    }

    private mutating func write(_ bytes: [UInt8]) async throws {
        try await sink.write(bytes)
        writer.advance(by: bytes.count)
    }

    private func isAligned(_ slot: Int) -> Bool {
        guard case .segment(let table, _) = slots.contents[slot] else { return false }
        return plan.tables[table].isAligned
    }

    private static func entry(_ planned: DumpPlan.Table) -> DumpIndex.Table {
        DumpIndex.Table(
            schema: planned.catalog.name.schema.text, name: planned.catalog.name.name.text,
            columns: planned.catalog.columns.map(\.text), relfilenode: planned.catalog.relfilenode, step: planned.step,
            includesDescendants: planned.catalog.includesDescendants)
    }
}

extension SourceFacts {
    fileprivate func indexed(snapshot: String, startedAt: String, finishedAt: String) -> DumpIndex.Source {
        DumpIndex.Source(
            systemIdentifier: systemIdentifier, serverVersion: serverVersion, serverVersionNumber: serverVersionNumber,
            database: database, encoding: encoding, collation: collation, characterType: characterType,
            localeProvider: localeProvider, locale: locale, snapshot: snapshot, lsn: lsn, startedAt: startedAt,
            finishedAt: finishedAt, isStandby: isStandby)
    }
}
