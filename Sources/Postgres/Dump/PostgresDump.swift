package import BackupModel
import BytePipeline
import DumpFormat

/// A dump of one database: locks, snapshot, plan; then many readers, one file.
package struct PostgresDump: Sendable {
    private let request: DumpRequest
    private let progress: ProgressSink

    package init(_ request: DumpRequest, progress: @escaping ProgressSink) {
        self.request = request
        self.progress = progress
    }

    /// Writes the whole file into `sink`.
    /// - Throws: `BackupError`; what the sink has got by then is no dump and looks like none, for the index comes last.
    package func write(to sink: any ByteSink) async throws -> DumpOutcome {
        try await Snapshot.hold(for: request) { snapshot in
            let version = snapshot.source.serverVersionNumber
            let programs = try await ClientPrograms.find(
                forServer: version, preferred: request.programFolder, path: request.searchPath)
            // Before anything is read: a refusal after an hour would come late.
            try programs.require("pg_restore")
            let exclusion = try TableExclusion(of: snapshot.catalog.covered, release: programs.major)
            let sections = SectionDump(request: request, programs: programs, snapshot: snapshot, exclusion: exclusion)
            let earlier = request.reuse?.reader.index ?? request.previous
            let plan = DumpPlan(
                snapshot.catalog.tables, canRange: version >= 140000, previous: earlier, segmentBytes: request.segmentBytes)
            report(plan, snapshot)
            let ground = await sections.ground()
            let loan = try await DumpLending(
                request: request, snapshot: snapshot, plan: plan, sections: sections, ground: ground, progress: progress)()
            let slots = DumpSlots(plan)
            var assembly = DumpAssembly(
                plan: plan, slots: slots, definitions: loan.isDoubted ? [:] : snapshot.ground.definitions, container: request.container,
                precedents: SegmentPrecedents(key: request.precedent, index: earlier, plan: plan), sink: sink)
            // Some segments a worker is as far ahead as anybody gets while the one at the head is read; more would only fill up before a slow store.
            let ahead = min(request.bufferLimit, request.jobs * Int(4 * DumpPlan.segmentBytes))
            let merge = OrderedMerge<DumpPiece>(slots: slots.contents.count, byteLimit: ahead)
            try await withThrowingTaskGroup(of: Void.self) { group in
                let script = ScriptWriter(
                    sections: sections, source: loan.script, ground: loan.isDoubted ? nil : ground, slots: slots, merge: merge,
                    progress: progress)
                group.addTask { try await failing(merge) { try await script() } }
                let worker = SegmentWorker(
                    request: request, snapshot: snapshot.name, plan: plan, queue: SegmentQueue(slots), merge: merge, reuse: loan.reuse,
                    progress: progress)
                for _ in 0..<min(max(request.jobs, 1), slots.segments.count) {
                    group.addTask { try await failing(merge) { try await worker() } }
                }
                while let (slot, piece) = try await merge.next() { try await assembly.take(piece, slot: slot) }
                try await group.waitForAll()
            }
            let index = try await assembly.finish(request, snapshot: loan.isDoubted ? snapshot.counted(for: request) : snapshot)
            progress(.ended(phase: "dump"))
            return loan.outcome(index)
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
        if let obstacle = snapshot.ground.obstacle {
            progress(.warning("the next backup has to read everything again, for it cannot know what has changed: \(obstacle)"))
        }
    }
}
