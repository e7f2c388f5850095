import BackupModel

/// Ends a transfer that does not move.
struct TransferWatch: Sendable {
    let transfer: Transfer
    let server: PrimaryServer
    let endpoint: RedisEndpoint
    let settings: RestoreSettings

    func during(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await watch()
                return false
            }
            group.addTask {
                try await body()
                return true
            }
            // The watch may end before, with the transfer.
            while let isDone = try await group.next(), !isDone {}
        }
    }

    private func watch() async throws {
        while case let stage = transfer.stage, stage != .done {
            let limit = stage == .awaited ? settings.attach : settings.replication.stall
            let end = transfer.lastSign + limit
            guard end > .now else { throw complaint(stage, limit) }
            try await settings.clock.sleep(for: ContinuousClock.now.duration(to: end))
        }
    }

    private func complaint(_ stage: Transfer.Stage, _ limit: Duration) -> BackupError {
        switch stage {
        case .awaited:
            BackupError(
                .stalled, "\(endpoint) did not come to fetch the data from \(server.host) port \(server.port) within \(limit.precisely)",
                hint: "Its log says why. It has to reach that address: through containers or firewalls name another one, and a fixed port.")
        default:
            BackupError(
                .stalled, "\(endpoint) stalled while it took the data: nothing moved for \(limit.precisely)",
                hint: "See its log, and what keeps it busy.")
        }
    }
}
