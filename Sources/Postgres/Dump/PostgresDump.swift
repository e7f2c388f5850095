package import BackupModel
import BytePipeline
package import DumpFormat

/// A dump of one database: locks, snapshot, plan; then many readers, one file.
package struct PostgresDump: Sendable {
    private let request: DumpRequest
    private let progress: ProgressSink

    package init(_ request: DumpRequest, progress: @escaping ProgressSink) {
        self.request = request
        self.progress = progress
    }

    /// Writes the whole file into `sink`.
    /// - Returns: the index as it stands at the file's end.
    /// - Throws: `BackupError`; what the sink has got by then is no dump and looks like none, for the index comes last.
    package func write(to sink: any ByteSink) async throws -> DumpIndex {
        try await Snapshot.hold(for: request) { snapshot in
            let version = snapshot.source.serverVersionNumber
            let programs = try await ClientPrograms.find(
                forServer: version, preferred: request.programFolder, path: request.searchPath)
            // Before anything is read: a refusal after an hour would come late.
            let exclusion = try TableExclusion(of: snapshot.catalog.covered, release: programs.major)
            let sections = SectionDump(request: request, programs: programs, snapshot: snapshot, exclusion: exclusion)
            let plan = DumpPlan(snapshot.catalog.tables, canRange: version >= 140000, previous: request.previous)
            report(plan, snapshot)
            let slots = DumpSlots(plan)
            var assembly = DumpAssembly(plan: plan, slots: slots, container: request.container, sink: sink)
            // A segment a worker is as far ahead as anybody gets while the one at the head is read; more would only fill up before a slow store.
            let ahead = min(request.bufferLimit, request.jobs * Int(DumpPlan.segmentBytes))
            let merge = OrderedMerge<DumpPiece>(slots: slots.contents.count, byteLimit: ahead)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await failing(merge) { try await readScript(sections, slots, into: merge) } }
                let queue = SegmentQueue(slots)
                for _ in 0..<min(max(request.jobs, 1), slots.segments.count) {
                    group.addTask { try await failing(merge) { try await readSegments(snapshot, plan, queue, into: merge) } }
                }
                while let (slot, piece) = try await merge.next() { try await assembly.take(piece, slot: slot) }
                try await group.waitForAll()
            }
            let index = try await assembly.finish(request, snapshot: snapshot)
            progress(.ended(phase: "dump"))
            return index
        }
    }

    /// An error of one reader must reach the writer at once, or it would wait for a piece that never comes.
    private func failing(_ merge: OrderedMerge<DumpPiece>, _ body: @Sendable () async throws -> Void) async throws {
        do { try await body() } catch {
            merge.fail(error)
            throw error
        }
    }

    private func report(_ plan: DumpPlan, _ snapshot: Snapshot) {
        let bytes = plan.tables.map(\.catalog.bytes).reduce(0, +)
        progress(.began(phase: "dump", totalBytes: bytes, totalItems: plan.tables.count))
        if snapshot.source.isStandby {
            progress(.warning("the server is a standby: rows of unlogged tables exist on the primary only and are not in this backup"))
        }
    }
}

extension PostgresDump {
    /// The script's parts one after the other, in the file's order, so that waiting for room can never lock the merge up.
    private func readScript(
        _ sections: SectionDump, _ slots: DumpSlots, into merge: OrderedMerge<DumpPiece>
    ) async throws {
        for (kind, slot) in [(DumpIndex.ScriptPart.Kind.preData, slots.preData), (.data, slots.data), (.postData, slots.postData)] {
            let (summary, entries, checksum) = try await sections.write(kind) { members in
                for member in members { try await merge.send(.member(member), bytes: member.count, to: slot) }
            }
            try await merge.send(.scriptEnd(summary, entries: entries, checksum: checksum), bytes: 0, to: slot)
            merge.finish(slot)
        }
    }

    /// One worker: takes the next segment in order until none is left.
    private func readSegments(
        _ snapshot: Snapshot, _ plan: DumpPlan, _ queue: SegmentQueue, into merge: OrderedMerge<DumpPiece>
    ) async throws {
        try await SegmentReader.inSnapshot(snapshot.name, of: request) { reader in
            var lockedTable: Int?
            while let (slot, table, range) = queue.take() {
                let catalog = plan.tables[table].catalog
                if lockedTable != table { try await reader.lock(catalog) }
                lockedTable = table
                try await read(SegmentStatement(table: catalog, range: range), by: reader, slot: slot, into: merge)
            }
        }
    }

    private func read(
        _ statement: SegmentStatement, by reader: SegmentReader, slot: Int, into merge: OrderedMerge<DumpPiece>
    ) async throws {
        let name = statement.table.name.text
        let summary = try await reader.read(statement) { members, rows in
            for member in members { try await merge.send(.member(member), bytes: member.count, to: slot) }
            progress(.advanced(bytes: 0, rows: rows, items: 0, item: name))
        }
        let blocks = statement.heapShare
        progress(.advanced(bytes: blocks, rows: 0, items: statement.range.hi == nil ? 1 : 0, item: name))
        try await merge.send(.segmentEnd(summary), bytes: 0, to: slot)
        merge.finish(slot)
    }
}

extension SegmentStatement {
    /// The part of the table's size on the server that this segment stands for, for the progress bar.
    fileprivate var heapShare: Int64 {
        let blocks = max(table.heapBytes / DumpPlan.blockSize, 1)
        let mine = (range.hi ?? blocks) - (range.lo ?? 0)
        return table.bytes * min(max(mine, 0), blocks) / blocks
    }
}
