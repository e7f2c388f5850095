import BackupModel
import Postgres

/// Keeps a second run away from a source while one is at work, whichever host it is on: a session of its own holds an advisory lock in the main database.
struct SourceLock: Sendable {
    /// Where it is looked for: in the main database, or in the one that is saved where there is no such database.
    private let targets: [ConnectionTarget]
    private let patience: Duration
    private let context: RunContext
    private let progress: ProgressSink

    private static let pause = Duration.seconds(2)
    /// How the sessions of runs begin to say who they are; the host's name follows.
    static let applicationName = "call-center-backup on "

    /// Nil where nobody has said which database would be the main one: a Redis that is saved alone may have no PostgreSQL beside it.
    init?(_ configuration: BackupConfiguration, context: RunContext, progress: @escaping ProgressSink) {
        guard configuration.savesPostgres || configuration.namesDatabase else { return nil }
        targets = [configuration.mainDatabase, configuration.databases[0]].withoutRepetitions.map {
            configuration.source.with(database: $0)
        }
        patience = configuration.runLockTimeout
        self.context = context
        self.progress = progress
    }

    /// Runs `body` under the lock, waiting for another holder as the settings say. Where the server cannot be reached there is nothing to keep anyone
    /// away from: the run goes on without it, and says what is wrong in its own words.
    ///
    /// A session that breaks meanwhile has lost the lock: it is taken again at once. Where another run was quicker, `body` is called off.
    /// - Throws: `.lockHeld` naming the holder; what `body` throws.
    func withLock<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        guard let session = try await open() else { return try await body() }
        let watch = LockWatch(session, lock: self)
        do {
            try await take(session)
            let result = try await watch.during(body)
            await watch.close()
            return result
        } catch {
            await watch.close()
            throw error
        }
    }

    private func open() async throws -> PostgresConnection? {
        var failure: BackupError?
        for target in targets where failure == nil || failure?.code == .databaseMissing {
            do { return try await open(target) } catch let error as BackupError {
                try Task.checkCancellation()
                failure = error
            }
        }
        if let failure { progress(.warning("other hosts cannot be kept away from this run: \(failure)")) }
        return nil
    }

    private func open(_ target: ConnectionTarget) async throws -> PostgresConnection {
        let name = "\(Self.applicationName)\(context.host)"
        let session = try await PostgresConnection.open(target, applicationName: name)
        do {
            // Whatever name the URL or PGAPPNAME gives: this session is told from a stranger's by it.
            try await session.execute("SET application_name = \(SQL.literal(name))")
            try await session.forbidIdleTimeout()
        } catch {
            await session.close()
            throw error
        }
        return session
    }

    private func take(_ session: PostgresConnection) async throws {
        let lock = AdvisoryLock(over: session)
        var waited = Duration.zero
        while try await !lock.tryTake() {
            guard waited < patience else { throw held(session.target, by: try await lock.holder(), waited: waited) }
            let pause = min(Self.pause, patience - waited)
            try await context.clock.sleep(for: pause)
            waited += pause
        }
    }

    private func held(_ target: ConnectionTarget, by holder: AdvisoryLock.Holder?, waited: Duration) -> BackupError {
        let who = holder.map { "\($0)" } ?? "a session that has ended meanwhile"
        let patience = waited > .zero ? " after waiting \(waited.briefly)" : ""
        return BackupError(
            .lockHeld, "another run holds the lock in \(target)\(patience): \(who)",
            hint: "Let it finish, or wait for it with BACKUP_RUN_LOCK_TIMEOUT; docs/service.md tells how hosts share a schedule.")
    }
}

extension SourceLock {
    /// How long a session may take to answer before it counts as broken: its server, or the way there, is gone without a word.
    private static let silence = Duration.seconds(120)

    /// Waits until the session has broken.
    /// - Returns: how.
    func breach(of session: PostgresConnection) async throws -> String {
        while true {
            try await context.clock.sleep(for: Self.pause)
            do {
                let answer = try await bounded(by: Self.silence, clock: context.clock) { try await session.rows("SELECT 1").count }
                if answer == nil { return "\(session.target) has not answered for \(Self.silence.briefly)" }
            } catch {
                try Task.checkCancellation()
                return "\(error)"
            }
        }
    }

    /// A new session that has the lock. A server that cannot be reached is tried until it can: nobody else is kept away meanwhile.
    /// - Parameter lost: the server's process of the session that had it; the server may not have noticed yet that it is gone.
    /// - Throws: `.lockHeld` when another run has it now.
    func takenAgain(in target: ConnectionTarget, after breach: String, lost: String?) async throws -> PostgresConnection {
        progress(.warning("the session that keeps other hosts away from this run broke, and is opened again: \(breach)"))
        while true {
            do {
                if let session = try await retaken(target, lost) { return session }
            } catch let error as BackupError where error.code != .lockHeld { try Task.checkCancellation() }
            try await context.clock.sleep(for: Self.pause)
        }
    }

    /// Nil while the server still counts it as that of the lost session.
    private func retaken(_ target: ConnectionTarget, _ lost: String?) async throws -> PostgresConnection? {
        let session = try await open(target)
        do {
            let lock = AdvisoryLock(over: session)
            if try await lock.tryTake() { return session }
            let holder = try await lock.holder()
            guard holder == nil || holder?.process == lost else { throw overtaken(target, by: holder) }
            await session.close()
            return nil
        } catch {
            await session.close()
            throw error
        }
    }

    private func overtaken(_ target: ConnectionTarget, by holder: AdvisoryLock.Holder?) -> BackupError {
        BackupError(
            .lockHeld,
            "the session that kept other hosts away broke, and another run has the lock in \(target) now: "
                + (holder.map { "\($0)" } ?? "nobody knows which"),
            hint: "Nothing is left of this backup; the other run takes its own. See `call-center-admin db list`.")
    }
}
