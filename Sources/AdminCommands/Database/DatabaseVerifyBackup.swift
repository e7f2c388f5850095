import ArgumentParser
import BackupEngine
import BackupVerification

/// `db verify-backup`: is this file what was written, whole and readable?
struct DatabaseVerifyBackup: AdminCommand {
    static let failureWords = "ERROR: Backup verification could not be done"

    static let configuration = CommandConfiguration(
        commandName: "verify-backup",
        abstract: "Check a backup file, or every file of a backup.",
        discussion: HelpText.discussion(
            "quick reads the structure, the index and every checksum of the compressed bytes; content also counts and digests every row again. Dumps "
                + "of pg_dump (.sql, .sql.gz, custom) are accepted, too. The verdict says what was proved and what was not.",
            examples: [
                ("call-center-admin db verify-backup /backups/latest.sql.gz", "the newest dump"),
                ("call-center-admin db verify-backup 20260214 --level quick", "all files of that day's backup"),
                ("call-center-admin db verify-backup old.dump --json", "a file of another program"),
            ]
        )
    )

    @Argument(
        help: ArgumentHelp("A file, an ID, the beginning of one, or latest.", valueName: "backup"), completion: BackupCompletion.references)
    var reference: String

    @Option(help: "quick or content.")
    var level = VerificationLevel.content

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let assembly = Assembly(try await session.configuration(), context: session.context)
        let files = try await assembly.locator.files(of: reference)
        for file in files { if let doubt = file.doubt { session.warn("\(file.path): \(doubt)") } }
        let verdicts = try await ProgressView.showing(session) { try await assembly.verification(progress: $0).verify(files, level: level) }
        try output.renderer(session).render(VerdictReport(files: verdicts))
        if let failure = verdicts.failure { throw failure }
    }
}

extension VerificationLevel: ExpressibleByArgument {}
