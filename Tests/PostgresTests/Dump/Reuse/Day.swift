import BackupModel
import BackupTestKit
import BytePipeline
import DumpFormat
import Foundation
import Testing

@testable import Postgres

/// The rows of a database in one snapshot, read once as a whole and once with what may be taken over from the day before.
struct Day {
    let whole: DumpInMemory
    let dump: DumpInMemory
    let index: DumpIndex
    /// Why tables were read without asking.
    let reasons: [String]

    var taken: Int { index.tables.flatMap(\.segments).count { $0.readAt != nil } }
    var segments: Int { index.tables.flatMap(\.segments).count }

    static func request(_ database: String, _ server: PostgresServer) throws -> DumpRequest {
        var request = DumpRequest(
            target: try ConnectionTarget(url: server.url(database: database)), jobs: 2, lockTimeout: .seconds(20), tool: "tests",
            timestamp: { "2026-02-14T02:00:00Z" })
        // Many segments of a small table.
        request.segmentBytes = 32 << 10
        return request
    }

    /// - Parameter audited: whether a share is read again before, as it always is outside of these tests.
    static func take(_ database: String, on server: PostgresServer, after yesterday: Day?, audited: Bool = false) async throws -> Day {
        let request = try request(database, server)
        return try await Snapshot.hold(for: request) { snapshot in
            let steps = try await yesterday?.dump.reader().index
            let plan = DumpPlan(snapshot.catalog.tables, canRange: true, previous: steps, segmentBytes: request.segmentBytes)
            let whole = try await rows(request, snapshot, plan, reuse: nil)
            let reuse = try await reuse(request, snapshot, plan, yesterday)
            if audited, let reuse {
                let audit = try await ReuseAudit(request: request, snapshot: snapshot.name, plan: plan, reuse: reuse)()
                #expect(audit.difference == nil, "\(String(describing: audit.difference))")
            }
            let dump = try await rows(request, snapshot, plan, reuse: reuse)
            let reasons = (reuse?.plan.tables ?? []).compactMap { $0.reason?.rawValue } + [snapshot.ground.obstacle].compactMap { $0 }
            return Day(whole: whole.dump, dump: dump.dump, index: dump.index, reasons: reasons)
        }
    }

    private static func reuse(_ request: DumpRequest, _ snapshot: Snapshot, _ plan: DumpPlan, _ yesterday: Day?) async throws -> Reuse? {
        guard let yesterday else { return nil }
        let source = ReuseSource(
            name: "yesterday", reader: try await yesterday.dump.reader(), readSince: try #require(Instant(iso8601: "2026-02-01T00:00:00Z")))
        let decision = ReusePlan(
            plan, now: snapshot.index(for: request), definitions: snapshot.ground.definitions, earlier: source.reader.index,
            isSameContainer: true, readSince: source.readSince)
        return Reuse(decision, from: source) { Issue.record("\($0)") }
    }

    /// As `PostgresDump` does it, without what pg_dump writes.
    private static func rows(
        _ request: DumpRequest, _ snapshot: Snapshot, _ plan: DumpPlan, reuse: Reuse?
    ) async throws -> (dump: DumpInMemory, index: DumpIndex) {
        let sink = DumpInMemory()
        let slots = DumpSlots(plan)
        var assembly = DumpAssembly(
            plan: plan, slots: slots, definitions: snapshot.ground.definitions, container: request.container, sink: sink)
        let merge = OrderedMerge<DumpPiece>(slots: slots.contents.count, byteLimit: request.bufferLimit)
        let worker = SegmentWorker(
            request: request, snapshot: snapshot.name, plan: plan, queue: SegmentQueue(slots), merge: merge, reuse: reuse,
            progress: { _ in })
        for slot in [slots.preData, slots.data, slots.postData] { merge.finish(slot) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<request.jobs {
                group.addTask {
                    do { try await worker() } catch {
                        merge.fail(error)
                        throw error
                    }
                }
            }
            while let (slot, piece) = try await merge.next() { try await assembly.take(piece, slot: slot) }
            try await group.waitForAll()
        }
        return (sink, try await assembly.finish(request, snapshot: snapshot))
    }

    /// Where the rows' segments differ from those of the whole reading; nil where every byte is the same.
    func difference() async throws -> String? {
        let expected = try await whole.reader().index
        for (one, other) in zip(expected.tables, index.tables) {
            for (segment, found) in zip(one.segments, other.segments) {
                var found = found
                found.readAt = nil
                if segment != found { return "\(one.qualifiedName) from block \(segment.lo ?? 0): \(segment) became \(found)" }
            }
            if one.rows != other.rows || one.bytes != other.bytes || one.digest != other.digest
                || one.segments.count != other.segments.count
            {
                return "\(one.qualifiedName) has other sums"
            }
        }
        let end = index.tables.flatMap(\.segments).map { Int($0.offset + $0.compressedBytes) }.max() ?? 0
        return whole.bytes.prefix(end) == dump.bytes.prefix(end) && expected.tables.count == index.tables.count ? nil : "other bytes"
    }
}
