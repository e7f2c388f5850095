import BackupEngine
import Logging
import ServiceLifecycle

/// Runs a service that is made from the configuration, and another one in its place whenever that changes.
struct Renewed: Service, CustomStringConvertible {
    let description: String
    let live: LiveConfiguration
    let logger: Logger
    /// Whether a service that was made from one configuration can go on as it is with another.
    var suits: @Sendable (_ old: BackupConfiguration, _ new: BackupConfiguration) -> Bool = { _, _ in false }
    /// Nil where the configuration asks for none.
    let make: @Sendable (BackupConfiguration) async throws -> (any Service)?

    private enum End: Sendable {
        case changed(BackupConfiguration)
        case ended
    }

    func run() async throws {
        var working = live.current
        var end = try await serve(working)
        while case .changed(let new) = end {
            do { end = try await serve(new) } catch is CancellationError { throw CancellationError() } catch {
                logger.error("\(description) does not work with the new configuration and goes on with the old one: \(error)")
                end = try await serve(working)
                continue
            }
            working = new
        }
    }

    /// Until the configuration changes, or the service ends, as it does when it is told to stop.
    private func serve(_ configuration: BackupConfiguration) async throws -> End {
        let changes = live.changes()
        guard let service = try await made(configuration) else { return .ended }
        let inner = ServiceGroup(
            configuration: .init(services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger))
        return try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask {
                try await inner.run()
                return .ended
            }
            group.addTask {
                for await change in changes where !suits(configuration, change) { return .changed(change) }
                return .ended
            }
            let first = try await group.next() ?? .ended
            if case .changed = first { await inner.triggerGracefulShutdown() } else { group.cancelAll() }
            while try await group.next() != nil {}
            return first
        }
    }
}

extension Renewed {
    /// Nil for who is told to stop meanwhile: making it may take its time.
    private func made(_ configuration: BackupConfiguration) async throws -> (any Service)? {
        do {
            return try await cancelWhenGracefulShutdown { try await make(configuration) ?? Idle() }
        } catch is CancellationError {
            try Task.checkCancellation()
            return nil
        }
    }
}

/// Waits to be told to stop.
private struct Idle: Service {
    func run() async throws { try await gracefulShutdown() }
}
