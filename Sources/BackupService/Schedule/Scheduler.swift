import BackupEngine
package import BackupModel
package import Logging
import ServiceLifecycle
import Synchronization

/// Does what the schedule decides, one thing at a time, until it is told to stop.
///
/// It looks again every few seconds, whatever it waits for: so clocks that were put forward or back, runs that others recorded and new settings are seen,
/// and that it looks is the service's sign of life.
package actor Scheduler: Service {
    private let live: LiveConfiguration
    private let work: any ScheduledWork
    private let manager: ServiceManager
    private let context: RunContext
    private let logger: Logger
    private let alarm = Alarm()
    private let isStopping = Mutex(false)
    private let hasLooked = Mutex(false)
    private let upSince: Instant
    private var memory = RunMemory()
    private var covered: Instant?
    private var requests: [Errand] = []
    private var lookAgain: Instant?
    /// When a backup that was there already has to be checked by: whoever took it may have been killed before that.
    private var checkDue: Instant?
    /// Nobody asks any more from then on: the next backup is due.
    private var checkEnd: Instant?
    private var refusals = 0
    private var announced: NextRun?
    /// The run under way here; nil between two.
    package private(set) var current: String?

    private static let pace = Duration.seconds(15)
    /// Who met another run looks again after this time, and later from one time to the next.
    private static let patience = Duration.seconds(5)...Duration.seconds(30)
    /// Who cannot say whether a backup was checked is asked again after this time.
    private static let checkPause = Duration.seconds(300)
    /// How long a run that was called off has to end; it gets as long as it had before that, within these.
    private static let mercy = Duration.seconds(10)...Duration.seconds(20)

    package init(_ live: LiveConfiguration, _ work: any ScheduledWork, manager: ServiceManager, context: RunContext, logger: Logger) {
        self.live = live
        self.work = work
        self.manager = manager
        self.context = context
        self.logger = logger
        upSince = context.now()
    }

    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await loop()
        } onGracefulShutdown: {
            self.isStopping.withLock { $0 = true }
            self.alarm.ring()
        }
    }

    /// Has something done as soon as nothing else is under way.
    /// - Returns: false when something is.
    package func request(_ errand: Errand) -> Bool {
        guard current == nil, requests.isEmpty, !stops else { return false }
        requests.append(errand)
        alarm.ring()
        return true
    }

    /// Looks at once: something may have changed.
    package nonisolated func wake() { alarm.ring() }

    /// Whether it has found out what is due, at least once, and will again: it is not told to stop.
    package nonisolated var isAtWork: Bool { hasLooked.withLock { $0 } && !stops }

    private nonisolated var stops: Bool { isStopping.withLock { $0 } }

    private func loop() async throws {
        while !stops {
            try Task.checkCancellation()
            manager.isAlive()
            let errand = await due()
            hasLooked.withLock { $0 = true }
            if let errand { try await attend(errand) } else { await rest() }
        }
        manager.status("stopping")
    }
}

extension Scheduler {
    /// What is to be done now; nil when nothing is yet.
    private func due() async -> Errand? {
        let next = await decide()
        guard !stops else { return nil }
        let now = context.now()
        // A clock that was put back does not make anything wait longer.
        if let lookAgain, now < lookAgain, lookAgain - now <= Self.patience.upperBound { return nil }
        if !requests.isEmpty { return requests.removeFirst() }
        guard let next else { return await check(at: now) }
        guard next.at <= now else {
            announce(next)
            return await check(at: now)
        }
        guard next.kind == .backup, let slot = next.slot else { return errand(next) }
        covered = await answer { [work, live] in await work.covered(live.current) } ?? covered
        // Who is called off meanwhile has got no answer, which does not mean that there is no backup.
        guard !stops, !Task.isCancelled else { return nil }
        guard let covered, covered >= slot else { return errand(next) }
        refusals = 0
        expectCheck(of: slot)
        logger.info("the backup of \(display(slot)) is there already, begun at \(display(covered))")
        return nil
    }

    private func expectCheck(of slot: Instant) {
        let schedule = live.current.schedule
        checkDue = slot + schedule.timeToCheck(after: slot)
        checkEnd = schedule.backup?.next(after: slot)
    }

    /// The check of a backup that its own run has not made in the time it has for it.
    private func check(at now: Instant) async -> Errand? {
        guard let checkDue, now >= checkDue else { return nil }
        self.checkDue = nil
        if let checkEnd, now >= checkEnd { return nil }
        let standing = await answer { [work, live] in await work.check(live.current) }
        guard !stops, !Task.isCancelled else { return nil }
        switch standing {
        case .settled: return nil
        case .open(let point):
            let occasion = RunOccasion(.catchUp, id: RunRecord.newID(at: context.now()))
            return Errand(.verification, occasion, reason: "the run that took \(point) has not checked it", point: point)
        case .unknown:
            let again = now + Self.checkPause
            if let checkEnd, again < checkEnd { self.checkDue = again }
            return nil
        }
    }

    private func errand(_ next: NextRun) -> Errand {
        Errand(next.kind, RunOccasion(next.trigger, slot: next.slot, id: RunRecord.newID(at: context.now())), reason: next.reason)
    }

    /// Nil when nothing is scheduled.
    private func decide() async -> NextRun? {
        let configuration = live.current
        let schedule = configuration.schedule(of: context.host)
        let runs = memory.joined(with: await answer { [work] in await work.runs(configuration) })
        return schedule.decide(at: context.now(), after: ScheduleHistory(runs: runs, upSince: upSince, covered: covered))
    }

    /// Whoever is told to stop does not wait for an answer.
    private func answer<Answer: Sendable>(_ question: @escaping @Sendable () async -> Answer) async -> Answer {
        await givingSigns { await cancelWhenGracefulShutdown { await question() } }
    }

    /// There are signs of life while something is waited for whose end is bound.
    private func givingSigns<Answer: Sendable>(_ body: @Sendable () async throws -> Answer) async rethrows -> Answer {
        let signs = manager.watchdog.map { watchdog in
            Task { [manager, clock = context.clock] in
                // Its sleep ends early by a cancellation alone.
                while !Task.isCancelled, (try? await clock.sleep(for: watchdog / 2)) != nil { manager.isAlive() }
            }
        }
        defer { signs?.cancel() }
        return try await body()
    }

    private func announce(_ next: NextRun) {
        guard next != announced else { return }
        announced = next
        let text = "next \(next.kind.rawValue) at \(display(next.at)): \(next.reason)"
        manager.status(text)
        // What comes every hour is not worth a line each time.
        logger.log(level: next.kind == .backup ? .info : .debug, "\(text)")
    }

    /// Until something may be due, and never for long.
    private func rest() async {
        var pause = Self.pace
        let now = context.now()
        for moment in [announced?.at, lookAgain].compactMap({ $0 }) where moment > now { pause = min(pause, moment - now) }
        if let watchdog = manager.watchdog { pause = min(pause, watchdog / 2) }
        _ = await alarm.sleep(for: pause, clock: context.clock)
    }

    private func display(_ instant: Instant) -> String { live.current.schedule.zone.display(instant) }
}

extension Scheduler {
    /// - Throws: when the run did not end though it was called off.
    private func attend(_ errand: Errand) async throws {
        let (configuration, startedAt) = (live.current, context.now())
        current = errand.occasion.id
        manager.status("\(errand.kind.rawValue) under way: \(errand.reason)")
        let end = try await watch(configuration.service.stopTimeout) { [work] in await work.perform(errand, configuration) }
        current = nil
        announced = nil
        lookAgain = nil
        switch end {
        case .busy(let error): postpone(errand, error)
        case .idle: memory.remember(errand, context, from: startedAt, [], nil)
        case .ended(let outcomes, let failure): memory.remember(errand, context, from: startedAt, outcomes, failure)
        }
        if case .busy = end { return }
        refusals = 0
    }

    private func postpone(_ errand: Errand, _ error: BackupError) {
        let pause = min(Self.patience.lowerBound * (1 << min(refusals, 4)), Self.patience.upperBound)
        lookAgain = context.now() + pause
        refusals += 1
        manager.status("\(errand.kind.rawValue) waits for another run")
        if errand.occasion.trigger == .person { requests.insert(errand, at: 0) }
        if errand.occasion.trigger == .catchUp, errand.kind == .verification { checkDue = lookAgain }
        guard refusals == 1 else { return }
        logger.info("\(errand.kind.rawValue) has to wait: \(error)")
    }

    /// Gives signs of life while `body` goes on. A service that is told to stop lets it go on for `bound`, then calls it off.
    private func watch(_ bound: Duration, _ body: @escaping @Sendable () async -> ErrandEnd) async throws -> ErrandEnd {
        let hasEnded = Flag()
        let run = Task { [alarm] in
            defer {
                hasEnded.set()
                alarm.ring()
            }
            return await body()
        }
        var left: Duration?
        while !hasEnded.isSet, !Task.isCancelled {
            manager.isAlive()
            if stops, left == nil {
                left = bound
                manager.stopping(within: bound + .seconds(30))
                logger.notice("told to stop: the run under way may go on for \(bound.briefly)")
            }
            let pace = min(Self.pace, manager.watchdog.map { $0 / 2 } ?? Self.pace)
            let pause = left.map { min(pace, max($0, .milliseconds(1))) } ?? pace
            guard await alarm.sleep(for: pause, clock: context.clock), let rest = left else { continue }
            left = rest - pause
            if rest <= pause { return try await callOff(run, after: bound) }
        }
        if hasEnded.isSet { return await run.value }
        // Called off ourselves, as another service of the process has failed: nobody could wait here any more.
        return try await uncancelled { try await self.callOff(run, after: bound) }
    }

    /// What hangs in the kernel, as on a network file system whose server is gone, hears of nothing: the service ends without it.
    private func callOff(_ run: Task<ErrandEnd, Never>, after bound: Duration) async throws -> ErrandEnd {
        logger.warning("the run under way is called off, as the service has to stop")
        let mercy = min(max(bound, Self.mercy.lowerBound), Self.mercy.upperBound)
        run.cancel()
        let end = try await givingSigns { [clock = context.clock] in try await bounded(by: mercy, clock: clock) { await run.value } }
        if let end { return end }
        throw BackupError(
            .stalled, "the run under way was called off and has not ended within \(mercy.briefly): it is left behind as it is",
            hint: "A store or a folder may hang: see `call-center-admin doctor`. The next run removes what this one has begun.")
    }
}

extension ScheduleSettings {
    /// What a run has for its backup and the check of it; never beyond the next slot.
    fileprivate func timeToCheck(after slot: Instant) -> Duration {
        backup.map { min(grace, ($0.next(after: slot) - slot) / 2) } ?? grace
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
}
