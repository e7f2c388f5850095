import BackupModel
import DumpFormat
import Synchronization

/// The segments one dump takes over, shared by those who read it: given up as a whole at the first doubt.
final class Reuse: Sendable {
    let plan: ReusePlan
    let source: ReuseSource
    private let progress: ProgressSink
    private let doubt = Mutex<String?>(nil)

    /// Why it was given up; nil where it was not.
    var reasonGivenUp: String? { doubt.withLock { $0 } }

    init(_ plan: ReusePlan, from source: ReuseSource, progress: @escaping ProgressSink) {
        self.plan = plan
        self.source = source
        self.progress = progress
    }

    /// The segment that stood for a range in the earlier dump, where it may be asked about.
    func candidate(_ table: Int, _ range: DumpPlan.BlockRange) -> DumpIndex.Segment? {
        reasonGivenUp == nil ? plan.candidate(table, range) : nil
    }

    /// The bytes of a segment of the earlier dump.
    /// - Returns: nil where they are not what was written; whatever else the file holds is then read afresh, too.
    func bytes(of segment: DumpIndex.Segment) async throws -> [UInt8]? {
        do {
            return try await source.reader.bytes(of: segment)
        } catch {
            try Task.checkCancellation()
            giveUp("\(source.name) cannot be read: \(error)")
            return nil
        }
    }

    /// When the rows of a segment were really read.
    func readAt(_ segment: DumpIndex.Segment) -> String { segment.readAt ?? source.reader.index.source.startedAt }

    /// Tells it once.
    func giveUp(_ reason: String) {
        let isFirst = doubt.withLock { doubt in
            guard doubt == nil else { return false }
            doubt = reason
            return true
        }
        if isFirst { progress(.warning("nothing more is taken over from the backup before, the rest is read: \(reason)")) }
    }
}
