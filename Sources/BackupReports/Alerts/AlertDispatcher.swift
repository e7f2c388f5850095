package import BackupModel
package import Logging

/// Sees what has become of health, writes down what is to be told, and tells it until it is taken.
///
/// One per service. Decisions and deliveries are two things with the outbox between them: whatever happens to one, the other one goes on.
package actor AlertDispatcher {
    private let settings: AlertSettings
    private let source: any FactSource
    private let outbox: AlertOutbox
    private let routing: AlertRouting
    private let channels: [String: any AlertChannel]
    private let context: RunContext
    private let logger: Logger
    private let standing: AlertStanding
    private let chance: @Sendable () -> Double

    /// How often it looks; also the shortest wait before anything is tried again.
    private static let pace = Duration.seconds(5)
    /// What nobody took for that long nobody needs any more; it is told in the log.
    private static let patience = Duration.seconds(3 * 86_400)

    /// - Parameters:
    ///   - source: answers from memory; asked every few seconds.
    ///   - standing: is told of what is not delivered.
    /// - Throws: `.storeFailed` when the outbox cannot be opened.
    package init(
        settings: AlertSettings, stateFolder: String, source: any FactSource, standing: AlertStanding, context: RunContext, logger: Logger
    ) throws {
        let routing = AlertRouting(settings: settings)
        self.init(
            settings: settings, outbox: try AlertOutbox(folder: stateFolder), channels: routing.channels(context: context), source: source,
            standing: standing, context: context, logger: logger, chance: { Double.random(in: 0..<1) })
    }

    init(
        settings: AlertSettings, outbox: AlertOutbox, channels: [any AlertChannel], source: any FactSource, standing: AlertStanding,
        context: RunContext, logger: Logger, chance: @escaping @Sendable () -> Double
    ) {
        self.settings = settings
        self.source = source
        self.standing = standing
        self.outbox = outbox
        routing = AlertRouting(settings: settings)
        self.channels = Dictionary(channels.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.context = context
        self.logger = logger
        self.chance = chance
    }

    /// Until it is cancelled. A state file that cannot be written is said in the log, and tried again.
    package func run() async throws {
        while !Task.isCancelled {
            do { try await turn() } catch is CancellationError { return } catch {
                logger.error("ERROR: Alerts cannot be written down: \(error)")
            }
            do { try await context.clock.sleep(for: Self.pace) } catch is CancellationError { return }
        }
    }

    /// One look at the facts, and one offer of everything that is due.
    func turn() async throws {
        let facts = await source.facts()
        if facts.isComplete { try await decide(facts) }
        try await deliver()
        standing.take(try await outbox.waiting().standing(of: Array(channels.keys)))
    }

    private func decide(_ facts: ServiceFacts) async throws {
        let open = try await outbox.openAlerts()
        let decision = AlertDecision(facts, Health(facts), open: open, settings: settings)
        let mark = try await outbox.heartbeatMark()
        let newest = Heartbeat.newest(facts)?.id
        let orders = decision.messages.map(routing.order) + [Heartbeat(facts, after: mark).map(routing.order)].compactMap { $0 }
        guard !orders.isEmpty || decision.open != open || newest != mark else { return }
        try await outbox.record(open: decision.open, orders, mark: newest, at: facts.now)
        for message in decision.messages { log(message) }
    }

    private func log(_ message: AlertMessage) {
        let level: Logger.Level = message.action == .resolve ? .notice : message.alert.severity == .critical ? .critical : .warning
        logger.log(level: level, "alert \(message.action.rawValue): \(message.alert.summary)", metadata: ["alert": "\(message.alert.key)"])
    }
}

extension AlertDispatcher {
    /// Channels do not wait for each other; what one of them has to be told, it is told in order.
    private func deliver() async throws {
        let due = Dictionary(grouping: try await outbox.due(at: context.now()), by: \.channel)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for parcels in due.values { group.addTask { try await self.offer(parcels) } }
            try await group.waitForAll()
        }
    }

    private func offer(_ parcels: [AlertOutbox.Waiting]) async throws {
        for waiting in parcels {
            guard let channel = channels[waiting.channel] else {
                try await drop(waiting, "the channel is not configured any more")
                continue
            }
            do {
                try await channel.deliver(waiting.parcel)
                try await outbox.remove(waiting)
                try await remember(waiting, failure: nil)
            } catch let failure as DeliveryFailure {
                guard try await settle(waiting, failure) else { return }
            }
        }
    }

    /// - Returns: whether the channel may be offered the next one.
    private func settle(_ waiting: AlertOutbox.Waiting, _ failure: DeliveryFailure) async throws -> Bool {
        try Task.checkCancellation()
        let now = context.now()
        switch failure.kind {
        case .refused:
            try await drop(waiting, failure.reason)
            return true
        case .later where now - waiting.createdAt > Self.patience:
            try await drop(waiting, "given up after \(Self.patience.briefly): \(failure.reason)")
            return true
        case .later(let asked):
            let wait = DeliveryBackoff.wait(after: waiting.failures + 1, asked: asked, chance: chance())
            logger.warning(
                "alert not delivered yet: \(waiting.channel): \(failure.reason); next try in \(wait.briefly)",
                metadata: ["alert": "\(waiting.key)"])
            try await outbox.postpone(waiting, until: now + wait, failure: failure.reason)
            return false
        }
    }

    private func drop(_ waiting: AlertOutbox.Waiting, _ reason: String) async throws {
        logger.error("ERROR: Alert could not be delivered: \(waiting.channel): \(reason)", metadata: ["alert": "\(waiting.key)"])
        try await outbox.remove(waiting)
        try await remember(waiting, failure: reason)
    }

    /// What has become of the last heartbeat is nowhere else: it leaves no alert open.
    private func remember(_ waiting: AlertOutbox.Waiting, failure: String?) async throws {
        guard case .heartbeat(let heartbeat) = waiting.content else { return }
        try await outbox.remember(HeartbeatFacts.Delivery(run: heartbeat.run, at: context.now(), failure: failure))
    }
}
