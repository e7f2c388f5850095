import BackupEngine
import BackupModel
import BackupReports
import StatusPage

/// Starts runs that somebody asks for over HTTP: the scheduler does them, between those of its own.
struct SchedulerStarter: RunStarter {
    let scheduler: Scheduler
    let facts: any FactSource
    let now: @Sendable () -> Instant

    func start(_ order: RunOrder) async throws -> RunStart {
        if let current = await facts.facts().current { return .alreadyRunning(current.record.id) }
        let id = RunRecord.newID(at: now())
        return await scheduler.request(order.errand(id)) ? .started(id) : .alreadyRunning(await scheduler.current)
    }
}

extension RunOrder {
    fileprivate func errand(_ id: String) -> Errand {
        let occasion = RunOccasion(.person, id: id)
        switch self {
        case .backup: return Errand(.backup, occasion, reason: "somebody asked for it over HTTP")
        case .verification(let point): return Errand(.verification, occasion, reason: "somebody asked for it over HTTP", point: point)
        }
    }
}
