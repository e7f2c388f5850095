import BackupCatalog
package import BackupModel

/// A verification for somebody who wants it whatever else is at work: where another proof by restore is, that one is watched to its end first.
///
/// It waits for at most BACKUP_RUN_LOCK_TIMEOUT where that is set, else for as long as the other one moves: one whose log has told of no progress for
/// BACKUP_STALL_TIMEOUT hangs.
package struct FollowingProof: Sendable {
    let assembly: Assembly
    let progress: ProgressSink
    /// Is told what happens in a run of another process, and when it happened there.
    let watched: @Sendable (ProgressEvent, Instant) -> Void

    private var context: RunContext { assembly.context }
    private var stateFolder: String { assembly.configuration.stateFolder }
    private var lock: RunLock { .ofProofs(stateFolder: stateFolder) }

    /// - Throws: `.lockHeld` when it has waited in vain.
    package func callAsFunction(_ files: [LocatedBackup], _ order: VerificationOrder) async throws -> [FileVerdict] {
        var order = order
        // Who waited for the lock would see nothing meanwhile.
        order.waits = false
        var met: RunLock.Holder?
        var isFirst = true
        let wait = Wait(assembly.configuration, context.clock)
        while true {
            do { return try await assembly.verify(files, order, progress: progress) } catch let error as BackupError
                where error.code == .lockHeld
            {
                // None has just let go, or has not said yet who it is.
                let holder = lock.lastHolder()
                if isFirst || holder != nil && holder != met { progress(.note("waiting: \(error)")) }
                (met, isFirst) = (holder ?? met, false)
                if let run = holder?.run { try await watch(run, wait, error) }
                wait.begin()
                try await wait.pause(error)
            }
        }
    }

    /// Until it ends, however that may be.
    private func watch(_ id: String, _ wait: Wait, _ held: BackupError) async throws {
        let run = FollowedRun(id: id, logs: RunLogs(stateFolder: stateFolder), clock: context.clock)
        // What a run that has died has left is old.
        guard run.isAlive else { return }
        wait.begin()
        _ = try await run.end(
            { entry in
                guard case .progress(let event) = entry.event else { return }
                wait.take(event)
                watched(event, entry.at)
            }, pause: { try await wait.pause(held) })
    }
}

/// How long others were waited for, told by the pauses alone.
private final class Wait {
    private let limit: Duration
    /// Whether the limit is one of standing still.
    private let isOfSilence: Bool
    private let clock: any Clock<Duration>
    private var waited = Duration.zero

    init(_ configuration: BackupConfiguration, _ clock: any Clock<Duration>) {
        isOfSilence = configuration.runLockTimeout == .zero
        limit = isOfSilence ? configuration.stallTimeout : configuration.runLockTimeout
        self.clock = clock
    }

    /// Another one is watched, or none that tells anything.
    func begin() { if isOfSilence { waited = .zero } }

    func take(_ event: ProgressEvent) {
        switch event {
        case .began, .advanced, .ended: begin()
        default: break
        }
    }

    func pause(_ held: BackupError) async throws {
        guard waited < limit else { throw isOfSilence ? silent(held) : late(held) }
        let pause = min(Duration.milliseconds(250), limit - waited)
        try await clock.sleep(for: pause)
        waited += pause
    }

    private func silent(_ held: BackupError) -> BackupError {
        BackupError(
            .lockHeld, "\(held.message); it has told of no progress for \(limit.briefly)",
            hint: "It may hang: see what it waits for, and end its process; the lock goes with it.")
    }

    private func late(_ held: BackupError) -> BackupError {
        BackupError(.lockHeld, "\(held.message); waited \(limit.briefly) for it", hint: held.hint)
    }
}

extension RunLock {
    /// Proofs by restore are made one at a time, beside all other runs.
    static func ofProofs(stateFolder: String) -> RunLock { RunLock(folder: stateFolder, name: "verify") }
}

extension Assembly {
    /// - Parameter watched: is told what happens in a run of another process, and when it happened there.
    package func followingProof(
        progress: @escaping ProgressSink, watched: @escaping @Sendable (ProgressEvent, Instant) -> Void
    ) -> FollowingProof {
        FollowingProof(assembly: self, progress: progress, watched: watched)
    }
}
