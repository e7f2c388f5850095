import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// `db backup`: one recovery point, now.
struct DatabaseBackup: AdminCommand {
    static let failureWords = "ERROR: Backup failed"
    static let partWords = "ERROR: Backup partly done"

    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Take a backup now.",
        discussion: HelpText.discussion(
            "Reads every table of a database from one snapshot with several connections and writes one standard file into BACKUP_DIR. "
                + "Where REDIS_URL is set, a copy of Redis is taken as of the same instant. The files are then proved as deep as BACKUP_VERIFY_LEVEL says.",
            examples: [
                ("call-center-admin db backup", "the configured databases"),
                ("call-center-admin db backup --database calls --database billing --jobs 4", "two databases, four readers"),
                ("call-center-admin db backup --only redis", "Redis alone"),
                ("call-center-admin db backup --rate-limit 50MB/s", "gently, beside daily business"),
                ("call-center-admin db backup --follow", "as the program backup-now: never refused because a run is under way"),
            ]
        )
    )

    @Option(help: ArgumentHelp("A database to back up; may be repeated.", valueName: "name"), completion: BackupCompletion.databases)
    var database: [String] = []

    @Option(help: "postgres or redis, and nothing of the other.")
    var only: BackupConfiguration.Part?

    @Option(help: ArgumentHelp("Connections that read at the same time.", valueName: "n"))
    var jobs: String?

    @Option(help: "sql.gz, sql.zst or custom.", completion: .list(["sql.gz", "sql.zst", "custom"]))
    var format: String?

    @Option(help: ArgumentHelp("The most to write per second, such as 50MB/s.", valueName: "rate"))
    var rateLimit: String?

    @Flag(help: "Read everything, also what has not changed since the backup before.")
    var full = false

    @Flag(help: "Do not check the files after writing them.")
    var noVerify = false

    @Flag(help: "Where the same backup is being taken already, watch it and end as it does; wait for any other run.")
    var follow = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if only == .redis, !database.isEmpty { throw ValidationError("--only redis takes no --database.") }
        if database.contains("") { throw ValidationError("--database has no name; an unset variable in a script looks like that.") }
        if database.contains(where: { $0.contains("://") || $0.contains("password=") }) {
            throw ValidationError("--database takes the name of a database; a connection string belongs into DATABASE_URL.")
        }
    }

    func execute(_ session: Session) async throws {
        var configuration = try await session.configuration(flags: flags)
        if !database.isEmpty { configuration.select(databases: database) }
        if let only { try configuration.select(only: only) }
        let examiner = Examiner(context: session.context)
        do { try await backUp(configuration, examiner, session) } catch { throw Explained.by(examiner.latest, error) }
    }

    private func backUp(_ configuration: BackupConfiguration, _ examiner: Examiner, _ session: Session) async throws {
        let assembly = try Assembly(configuration, context: session.context, examiner: examiner)
        let outcome = try await ProgressView.drawing(session) { view in
            guard follow else { return JoinedBackup.Outcome.own(try await assembly.backUp { view.take($0) }) }
            return try await assembly.joinedBackup(progress: { view.take($0) }, watched: { view.take($0, at: $1) })()
        }
        try await show(outcome, assembly, session)
    }

    private func show(_ outcome: JoinedBackup.Outcome, _ assembly: Assembly, _ session: Session) async throws {
        let (point, failure) = try await outcome.result(in: assembly)
        if let point { try output.renderer(session).render(RecoveryPointReport(point, now: session.context.now())) }
        if let failure { throw PartlyDone.told(failure, isSaved: outcome.isSaved) }
    }

    private var flags: [String: FlagValue] {
        var flags: [String: FlagValue] = [:]
        if let jobs { flags["BACKUP_JOBS"] = FlagValue("--jobs", jobs) }
        if let format { flags["BACKUP_FORMAT"] = FlagValue("--format", format) }
        if let rateLimit { flags["BACKUP_RATE_LIMIT"] = FlagValue("--rate-limit", rateLimit) }
        if full { flags["BACKUP_REREAD_DAYS"] = FlagValue("--full", "0") }
        if noVerify { flags["BACKUP_VERIFY_LEVEL"] = FlagValue("--no-verify", "none") }
        return flags
    }
}

extension BackupConfiguration.Part: ExpressibleByArgument {}
