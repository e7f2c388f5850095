package import BackupCatalog
package import BackupModel

/// A backup for somebody who wants there to be one now, whoever takes it: where the same backup is being taken already, or was begun a moment ago and is
/// still being proved, that one is watched to its end; where another kind of run is at work, it is waited for.
package struct JoinedBackup: Sendable {
    let assembly: Assembly
    let progress: ProgressSink
    /// Is told what happens in a run of another process, and when it happened there.
    let watched: @Sendable (ProgressEvent, Instant) -> Void

    package enum Outcome: Sendable {
        case own(BackupOutcome)
        /// That of another process, whose record says what it came to.
        case followed(RunRecord)
    }

    private var context: RunContext { assembly.context }
    private var stateFolder: String { assembly.configuration.stateFolder }
    private var lock: RunLock { RunLock(folder: stateFolder) }

    /// A backup that is only being proved and was begun before that lacks too much of what somebody has in mind who wants one now.
    private static let freshness = Duration.seconds(600)

    package func callAsFunction() async throws -> Outcome {
        let begin = context.now()
        let history = history
        var met: RunLock.Holder?
        var misses = 0
        var told: Set<String> = []
        while true {
            // Asked before the lock is: a backup that is proved holds it no more.
            if let run = try await underWay(in: history), let record = try await join(run, since: begin, told: &told) {
                return .followed(record)
            }
            do { return .own(try await assembly.backUp(progress: progress)) } catch let error as BackupError where error.code == .lockHeld {
                // None has just let go, or has not said yet who it is; or the one at work is on another host.
                let holder = lock.lastHolder()
                if let holder, let record = try await join(holder, isKnown: holder == met, since: begin) { return .followed(record) }
                if holder == nil, misses == 1 { progress(.note("waiting: \(error)")) }
                (met, misses) = (holder ?? met, holder == nil ? misses + 1 : 0)
                try await context.clock.sleep(for: misses > 1 ? .seconds(2) : .milliseconds(250))
            }
        }
    }

    /// For looking alone: a run of its own puts aside what is damaged, and says so.
    var history: RunHistory { RunHistory(folder: stateFolder, context: context, onlyReads: true) { _ in } }

    /// The same backup where it has got past the lock and has not ended. Who cannot read the history, or has none yet, has the lock to go by, and the run
    /// of its own says what is wrong with it.
    /// - Throws: `CancellationError`.
    func underWay(in history: RunHistory) async throws -> RunRecord? {
        let runs: [RunRecord]
        do { runs = try await history.runs(limit: 50) } catch is BackupError {
            try Task.checkCancellation()
            return nil
        }
        return runs.first { $0.kind == .backup && $0.isUnderWay && isSame(followed($0.id)) && followed($0.id).hasBegun }
    }

    /// - Parameter told: the runs it was said of that they are not followed.
    /// - Returns: the record of a backup that stands for ours; nil where it does not.
    private func join(_ record: RunRecord, since begin: Instant, told: inout Set<String>) async throws -> RunRecord? {
        let words = "db backup, run \(record.id), process \(record.process), since \(record.startedAt.display)"
        // A run that has the lock has its name in it, until it has stored its backup.
        guard lock.lastHolder()?.run != record.id else { return try await follow(followed(record.id), words, since: begin) }
        let now = context.now()
        let snapshot = "with what was written before \(record.startedAt.display(asOf: now))"
        guard now - record.startedAt < Self.freshness else {
            if told.insert(record.id).inserted {
                progress(.note("a backup \(snapshot), is stored and only being proved, and this one is taken beside it: \(words)"))
            }
            return nil
        }
        let standing = "this backup, \(snapshot), is stored already and being proved"
        return try await follow(followed(record.id), words, as: standing, since: begin)
    }

    private func followed(_ id: String) -> FollowedRun {
        FollowedRun(id: id, logs: RunLogs(stateFolder: stateFolder), clock: context.clock)
    }

    private func isSame(_ run: FollowedRun) -> Bool { run.isAlive && run.scope == RunScope(assembly.configuration, assembly.catalogs) }

    /// - Parameter isKnown: whether it was met before.
    /// - Returns: the record of a backup that stands for ours; nil when the lock may be free.
    private func join(_ holder: RunLock.Holder, isKnown: Bool, since begin: Instant) async throws -> RunRecord? {
        let run = followed(holder.run ?? "")
        guard isSame(run) else {
            if !isKnown { progress(.note("waiting for \(holder.words)")) }
            while run.isAlive, lock.lastHolder() == holder { try await pause() }
            return nil
        }
        return try await follow(run, holder.words, since: begin)
    }

    private func follow(
        _ run: FollowedRun, _ words: String, as standing: String = "this backup is being taken already", since begin: Instant
    ) async throws -> RunRecord? {
        progress(.note("\(standing), and is followed: \(words)"))
        switch try await run.end(tell) {
        // One that had ended before anybody asked for this backup does not stand for it.
        case .ended(let record): return record.finishedAt.map { begin <= $0 } ?? false ? record : nil
        case .died:
            progress(.warning("the run that was followed has died, and this one takes its place: \(words)"))
            return nil
        }
    }

    private func tell(_ entry: RunLogEntry) {
        if case .progress(let event) = entry.event { watched(event, entry.at) }
    }

    private func pause() async throws { try await context.clock.sleep(for: .milliseconds(250)) }
}

extension RunLock.Holder {
    fileprivate var words: String { "\(purpose)\(run.map { ", run \($0)" } ?? ""), process \(pid), since \(since.display)" }
}

extension Assembly {
    /// - Parameter watched: is told what happens in a run of another process, and when it happened there.
    package func joinedBackup(
        progress: @escaping ProgressSink, watched: @escaping @Sendable (ProgressEvent, Instant) -> Void
    ) -> JoinedBackup {
        var assembly = self
        // Who waited for the lock would have a backup of its own after the one it might have followed.
        assembly.waitsForRuns = false
        return JoinedBackup(assembly: assembly, progress: progress, watched: watched)
    }
}

extension JoinedBackup.Outcome {
    /// Whether all that was asked for is saved, if perhaps not everywhere.
    package var isSaved: Bool {
        switch self {
        case .own(let outcome): outcome.isSaved
        case .followed(let record): record.point != nil && record.outcomes.allSatisfy(\.succeeded)
        }
    }

    /// The backup there is now, where there is one, and what the run that took it lacks or failed for.
    package func result(in assembly: Assembly) async throws -> (point: RecoveryPoint?, failure: BackupError?) {
        switch self {
        case .own(let outcome): (outcome.point, outcome.failure)
        case .followed(let record): (try await assembly.point(record.point), record.failure?.error)
        }
    }
}

extension Assembly {
    fileprivate func point(_ id: RecoveryPointID?) async throws -> RecoveryPoint? {
        guard let id else { return nil }
        return try await catalogs.find(.id(id), asOf: context.now())
    }
}

extension RunFailure {
    /// As whoever followed the run is to hear of it.
    fileprivate var error: BackupError {
        var error = BackupError(code, message, hint: hint)
        error.others = others
        return error
    }
}
