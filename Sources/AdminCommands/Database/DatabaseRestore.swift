import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel
import Postgres

/// `db restore`: bring a database back, beside what is there or in its place.
struct DatabaseRestore: AdminCommand {
    static let failureWords = "ERROR: Restore failed"
    static let verdictWords = failureWords

    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a backup into a new database, or in the place of one.",
        discussion: HelpText.discussion(
            "Goes to a new database, <database>_restored_<id>, unless told otherwise, and destroys nothing: with --replace the dump is restored beside the "
                + "database, checked, and swapped in by rename; the old one stays as <database>_before_<id>. Of a backup in several stores the next copy is "
                + "taken where the nearest turns out damaged or cannot be read. Dumps of pg_dump (.sql, .sql.gz, custom) "
                + "are restored with psql and pg_restore. A script of pg_dump is run as it is, with all the rights of the role that restores: restore none of "
                + "somebody you would not let into psql.",
            examples: [
                ("call-center-admin db restore latest --dry-run", "what would be done, and what stands in its way"),
                ("call-center-admin db restore latest", "beside what is there, to look into it"),
                ("call-center-admin db restore 20260214 --replace --yes", "in the place of the database it was taken from"),
                ("call-center-admin db restore latest --table agents --into spare", "one table, into a database of that name"),
                ("call-center-admin db restore latest --only redis --replace", "Redis, in place of all that is in it now"),
                ("call-center-admin db restore latest --only redis --keys 'session:*'", "the keys of that pattern which are not there"),
                ("call-center-admin db restore latest --only redis --data-dir /var/lib/redis", "into the folder of a stopped Redis"),
            ]
        )
    )

    @Argument(
        help: ArgumentHelp(
            "A file, an ID, the beginning of one, or latest; the same behind the URL of a store: s3://…/latest.", valueName: "backup"),
        completion: BackupCompletion.references)
    var reference: String

    @Option(help: "postgres or redis; a recovery point may hold both.")
    var only: BackupConfiguration.Part = .postgres

    @Option(help: ArgumentHelp("The database to make; one that exists has to be empty.", valueName: "name"))
    var into: String?

    @Flag(help: "Take the place of the database the backup is of, which is kept under another name; or of all that the Redis holds.")
    var replace = false

    @Flag(help: "With --replace: end the sessions on the database.")
    var terminateSessions = false

    @Flag(help: "Do not ask before --replace. A restore that replaces nothing asks nothing.")
    var yes = false

    @Flag(help: "Only say what would be done.")
    var dryRun = false

    @OptionGroup var contents: RestoreContents
    @OptionGroup(title: "Options for Redis") var redis: RedisRestoreOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let into, into.isEmpty || into.utf8.count > 63 {
            throw ValidationError("--into takes the name of a database, of 1 to 63 bytes; PostgreSQL would cut a longer one.")
        }
        if replace, into != nil { throw ValidationError("--into and --replace exclude each other.") }
        if replace, !contents.table.isEmpty { throw ValidationError("--replace takes the whole backup; restore tables with --into.") }
        if only == .redis {
            guard into == nil, contents.isUntouched else { throw ValidationError("--only redis takes no options of PostgreSQL.") }
            try redis.validate(replace: replace)
        } else if !redis.isUntouched {
            throw ValidationError("Options for Redis go with --only redis.")
        }
        if terminateSessions, !replace { throw ValidationError("--terminate-sessions goes with --replace.") }
    }

    func execute(_ session: Session) async throws {
        let assembly = try Assembly(try await session.configuration(flags: contents.flags), context: session.context)
        guard only == .postgres else {
            return try await RedisRestoring(assembly: assembly, options: redis, asks: replace && !yes, dryRun: dryRun, output: output)
                .run(reference, session)
        }
        let located = try await assembly.locator.dump(of: reference)
        let copies = assembly.copiesInTurn(of: located, remembers: !dryRun, warn: session.warn)
        var isConfirmed = !replace || yes
        while true {
            let backup = try await usable(copies, located, assembly, session)
            do { return try await restore(backup, isChecked: copies.areSeveral, &isConfirmed, assembly, session) } catch let error
                as BackupError where error.isFaultOfCopy
            {
                // The server is as it was. Of a backup in one place that is the end.
                await copies.refuse(error)
            }
        }
    }

    /// Where there are several copies, the first that can be reached and is the file its manifest is of: nothing is touched yet.
    private func usable(
        _ copies: CopiesInTurn, _ located: LocatedBackup, _ assembly: Assembly, _ session: Session
    ) async throws -> LocatedBackup {
        guard copies.areSeveral, !located.isRedis else { return try await copies.next(telling: session.warn) { _ in } }
        return try await ProgressView.showing(session) { progress in
            try await copies.next(telling: { progress(.warning($0)) }) { copy in
                try await assembly.restoreRun(of: copy, to: place, options: options(assembly.configuration), progress: progress).check()
            }
        }
    }

    /// - Throws: `isFaultOfCopy` where the next copy may do.
    private func restore(
        _ backup: LocatedBackup, isChecked: Bool, _ isConfirmed: inout Bool, _ assembly: Assembly, _ session: Session
    ) async throws {
        if backup.isRedis {
            throw BackupError(
                .invalidUsage, "\(backup.path) is a copy of Redis",
                hint: "Add --only redis and one of --replace, --keys or --data-dir; docs/restore.md explains the three.")
        }
        backup.warnings.forEach(session.warn)
        let plan = try await ProgressView.showing(session) { progress in
            let run = try assembly.restoreRun(of: backup, to: place, options: options(assembly.configuration), progress: progress)
            return try await run.plan(isChecked: isChecked)
        }
        let report = RestorePlanReport(plan: plan, backup: backup)
        if dryRun { return try show(report, session) }
        if !isConfirmed { try confirm(report, session) }
        isConfirmed = true
        let restored = try await ProgressView.showing(session) { progress in
            let run = try assembly.restoreRun(of: backup, to: place, options: options(assembly.configuration), progress: progress)
            return try await run(planned: plan)
        }
        try output.renderer(session).render(RestoreReport(restored: restored, backup: backup))
    }

    private var place: RestoreRequest.Place {
        if replace { return .inPlace(terminatesSessions: terminateSessions) }
        return into.map { .into($0) } ?? .beside
    }

    private func options(_ configuration: BackupConfiguration) -> RestoreOptions {
        RestoreOptions(
            jobs: configuration.jobs, ownership: contents.ownership, tables: contents.table, readsBack: contents.readBack,
            stallLimit: configuration.stallTimeout
        )
    }

    /// A dry run of a restore that would be refused fails as that would.
    private func show(_ report: RestorePlanReport, _ session: Session) throws {
        try output.renderer(session).render(report)
        try refuse(report.plan)
    }

    private func confirm(_ report: RestorePlanReport, _ session: Session) throws {
        guard let ask = session.console.ask else {
            throw BackupError(.invalidUsage, "--replace has to be confirmed, and there is no terminal to ask on", hint: "Add --yes.")
        }
        session.console.note(report.text(session.console.errorStyle))
        try refuse(report.plan)
        guard ask("Type the name of the database to replace it: ") == report.plan.database else {
            throw BackupError(.failed, "not confirmed; nothing was touched")
        }
    }

    private func refuse(_ plan: RestorePlan) throws {
        guard let refusal = plan.findings.first(where: { $0.severity == .refusal }) else { return }
        throw BackupError(refusal.code, "nothing was touched: \(refusal.message)", hint: refusal.hint)
    }
}
