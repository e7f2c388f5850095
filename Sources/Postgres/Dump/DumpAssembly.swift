import BackupModel
import DumpFormat

/// Puts pieces into the file in the order they come in, and remembers in the index where everything lies.
struct DumpAssembly {
    private let plan: DumpPlan
    private let slots: DumpSlots
    private let sink: any ByteSink
    private let precedents: SegmentPrecedents?
    private var writer: DumpWriter
    private var begun: Int?
    /// Where in an earlier file what is written next may stand already.
    private var precedent: Precedent?
    private var tables: [DumpIndex.Table]
    private var scripts: [DumpIndex.ScriptPart] = []
    private var definitions = ""
    private var schemaGround: DumpIndex.SchemaGround?

    /// - Parameters:
    ///   - definitions: by the tables' OIDs.
    ///   - precedents: for stores that need not take the same bytes twice.
    init(
        plan: DumpPlan, slots: DumpSlots, definitions: [UInt32: String], container: Container, precedents: SegmentPrecedents? = nil,
        sink: any ByteSink
    ) {
        self.plan = plan
        self.slots = slots
        self.sink = sink
        self.precedents = precedents
        writer = DumpWriter(container: container)
        tables = plan.tables.map { Self.entry($0, definition: definitions[$0.catalog.oid]) }
    }

    mutating func take(_ piece: DumpPiece, slot: Int) async throws {
        switch piece {
        case .member(let bytes):
            try await begin(slot)
            try await write(bytes)
        case .segmentEnd(let summary, let readAt): try await end(slot, with: summary, readAt: readAt)
        case .schemaGround(let ground): schemaGround = ground
        case .scriptEnd(let summary, let entries, let checksum, let readAt):
            try await begin(slot)
            guard case .script(let kind) = slots.contents[slot] else { return }
            scripts.append(try writer.scriptPart(kind, summary: summary, entries: entries, readAt: readAt))
            if kind == .preData { definitions = checksum }
        }
    }

    /// Writes the index; the file is whole then.
    mutating func finish(_ request: DumpRequest, snapshot: Snapshot) async throws -> DumpIndex {
        var index = snapshot.index(for: request)
        index.source.finishedAt = request.timestamp()
        index.definitionsDigest = definitions
        index.tables = tables
        index.scripts = scripts
        index.schemaGround = schemaGround
        try await sink.write(try writer.finish(index))
        return index
    }

    private mutating func end(_ slot: Int, with summary: SegmentSummary, readAt: String?) async throws {
        try await begin(slot)
        guard case .segment(let table, let range) = slots.contents[slot] else { return }
        let segment = try writer.segment(lo: range.lo, hi: range.hi, summary: summary, readAt: readAt)
        tables[table].add(segment, rowBytes: summary.rowBytes)
    }

    private mutating func begin(_ slot: Int) async throws {
        guard begun != slot else { return }
        begun = slot
        let padding = writer.begin(aligned: isAligned(slot))
        // Behind the segment before it, which may have been followed by as much.
        if !padding.isEmpty { try await hand(padding) }
        precedent = precedents?.place(of: slots.contents[slot])
    }

    private mutating func write(_ bytes: [UInt8]) async throws {
        try await hand(bytes)
        writer.advance(by: bytes.count)
    }

    private mutating func hand(_ bytes: [UInt8]) async throws {
        try await sink.write(bytes, like: precedent)
        precedent = precedent?.advanced(by: bytes.count)
    }

    private func isAligned(_ slot: Int) -> Bool {
        guard case .segment(let table, _) = slots.contents[slot] else { return false }
        return plan.tables[table].isAligned
    }

    private static func entry(_ planned: DumpPlan.Table, definition: String?) -> DumpIndex.Table {
        DumpIndex.Table(
            schema: planned.catalog.name.schema.text, name: planned.catalog.name.name.text,
            columns: planned.catalog.columns.map(\.text), relfilenode: planned.catalog.relfilenode, definition: definition,
            step: planned.step, includesDescendants: planned.catalog.includesDescendants)
    }
}

extension Snapshot {
    /// The index of a dump as far as it is known before anything is read.
    func index(for request: DumpRequest) -> DumpIndex {
        DumpIndex(
            tool: request.tool, source: source.indexed(snapshot: name, startedAt: takenAt, finishedAt: takenAt),
            session: SessionSettings.byName, extensions: source.extensions, database: source.properties, census: census,
            ground: ground.common)
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
