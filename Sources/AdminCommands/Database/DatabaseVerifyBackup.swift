import ArgumentParser
import BackupEngine
import BackupModel
import BackupVerification

/// `db verify-backup`: is this file what was written, whole and readable?
struct DatabaseVerifyBackup: AdminCommand {
    static let failureWords = "ERROR: Backup verification could not be done"

    static let configuration = CommandConfiguration(
        commandName: "verify-backup",
        abstract: "Check a backup file, or every file of a backup.",
        discussion: HelpText.discussion(
            "quick reads and expands the file, and holds its structure, index, lengths and checksums against each other: rows are those of its index, "
                + "nobody counts them; content also counts and digests every row again; restore "
                + "also restores it into a private scratch server of the same release (in BACKUP_SCRATCH_DIR), with every index and constraint, and "
                + "compares every row and object with the backup. Dumps of pg_dump (.sql, .sql.gz, custom) are accepted, too. The verdict says what "
                + "was proved and what was not, and how long a recovery takes.",
            examples: [
                ("call-center-admin db verify-backup /backups/latest.sql.gz", "the newest dump"),
                ("call-center-admin db verify-backup latest --level restore", "the newest backup, restored and compared"),
                ("call-center-admin db verify-backup 20260214 --level quick", "all files of that day's backup"),
                ("call-center-admin db verify-backup old.dump --json", "a file of another program"),
                ("call-center-admin db verify-backup latest --follow", "as backup-verify: waits for another proof"),
            ]
        ),
        aliases: ["verify"]
    )

    @Argument(
        help: ArgumentHelp(
            "A file, an ID, the beginning of one, or latest; the same behind the URL of a store: s3://…/latest.", valueName: "backup"),
        completion: BackupCompletion.references)
    var reference: String

    @Option(help: "quick, content or restore.")
    var level = VerificationLevel.content

    @Flag(help: "With --level restore: prove it a second time by zcat and psql, with nothing of ours.")
    var withPsql = false

    @Flag(help: "With --level restore: leave the scratch server's data for a look when the proof fails.")
    var keepScratch = false

    @Flag(help: "With --level restore: where another proof is at work, watch it and begin when it has ended.")
    var follow = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if level != .restore, withPsql || keepScratch {
            throw ValidationError("\(withPsql ? "--with-psql" : "--keep-scratch") needs --level restore.")
        }
    }

    func execute(_ session: Session) async throws {
        let assembly = try Assembly(try await session.configuration(), context: session.context)
        let files = try await assembly.locator.files(of: reference)
        for file in files { if let doubt = file.doubt { session.warn("\(file.path): \(doubt)") } }
        for part in files.first?.lacking ?? [] { session.warn("the backup is incomplete: it lacks \(part.name): \(part.reason)") }
        for fault in files.first?.faultsElsewhere ?? [] { session.warn(fault) }
        let verdicts = try await ProgressView.drawing(session) { view in
            guard follow else { return try await assembly.verify(files, order) { view.take($0) } }
            return try await assembly.followingProof(progress: { view.take($0) }, watched: { view.take($0, at: $1) })(files, order)
        }
        try output.renderer(session).render(VerdictReport(files: verdicts))
        if let failure = verdicts.failure { throw failure }
    }

    private var order: VerificationOrder {
        var order = VerificationOrder(.level(level))
        order.provesWithPsql = withPsql
        order.keepsScratch = keepScratch
        return order
    }
}

extension VerificationLevel: ExpressibleByArgument {}
