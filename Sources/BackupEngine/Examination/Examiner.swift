package import BackupModel
package import BackupReports
import Doctor
import Synchronization

/// Has the doctor look, one look at a time and each within its deadline, and keeps what it found last for whoever tells or shows it.
package final class Examiner: Sendable {
    private struct State {
        var latest: ExaminationFacts?
        var last: Task<ExaminationFacts?, Never>?
    }

    /// Everything is asked at once, and nothing is waited for longer than this.
    private static let deadline = Duration.seconds(10)

    private let context: RunContext
    private let isService: Bool
    private let threads = LookingThreads()
    private let state = Mutex(State())

    /// - Parameter isService: whether it is the service that looks, which need not be asked whether it lives.
    package init(context: RunContext, isService: Bool = false) {
        self.context = context
        self.isService = isService
    }

    /// What was found last; nil before the first look has ended.
    package var latest: ExaminationFacts? { state.withLock(\.latest) }

    /// Looks now, after whoever looks already.
    /// - Returns: nil when it did not come to its end in time, or was called off.
    @discardableResult
    package func examine(_ configuration: BackupConfiguration) async -> ExaminationFacts? {
        let look = state.withLock { state in
            let look = Task { [last = state.last] in
                _ = await last?.value
                return await self.look(configuration)
            }
            state.last = look
            return look
        }
        // Who is called off does not wait for it.
        return await withTaskCancellationHandler {
            await look.value
        } onCancel: {
            look.cancel()
        }
    }

    private func look(_ configuration: BackupConfiguration) async -> ExaminationFacts? {
        let (begin, doctor) = (context.now(), DoctorRun(context: context, isService: isService, threads: threads))
        // Only who is called off gets an error.
        let found = try? await bounded(by: Self.deadline, clock: context.clock) { await doctor(configuration) }
        guard let examination = found ?? nil else { return nil }
        let facts = ExaminationFacts(DoctorReport(examination), at: begin)
        state.withLock { $0.latest = facts }
        return facts
    }
}
