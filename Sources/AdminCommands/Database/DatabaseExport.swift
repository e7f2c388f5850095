import ArgumentParser
import BackupEngine
import BackupModel

/// `db export`: a backup elsewhere, by the plainest means.
struct DatabaseExport: AdminCommand {
    static let failureWords = "ERROR: Export failed"
    static let partWords = "ERROR: Export partly done"

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Take a backup into a folder, in the formats of pg_dump and Redis.",
        discussion: HelpText.discussion(
            "For the day when nothing else works: pg_dump's custom archive of each database, the roles, and an RDB file, in a folder of its own. It "
                + "waits for no other run, needs none of the configured stores, and is checked like any backup. pg_restore reads the archives; zcat "
                + "makes an RDB file for redis-server. With BACKUP_AGE_RECIPIENTS the files are encrypted and end with .age: age -d opens them, or "
                + "key decrypt; with --unencrypted anybody can read the export.",
            examples: [
                ("call-center-admin db export /secure-backup-location", "everything that is configured, elsewhere"),
                ("call-center-admin db export /handover --unencrypted", "for somebody who has none of the keys"),
            ]
        )
    )

    @Argument(help: ArgumentHelp("Where to; the folder is made when it is missing.", valueName: "folder"), completion: .directory)
    var folder: String

    @Option(help: ArgumentHelp("A database to export; may be repeated.", valueName: "name"), completion: BackupCompletion.databases)
    var database: [String] = []

    @Option(help: "postgres or redis, and nothing of the other.")
    var only: BackupConfiguration.Part?

    @Flag(help: "Encrypt nothing, whatever BACKUP_AGE_RECIPIENTS says.")
    var unencrypted = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if folder.isEmpty { throw ValidationError("The folder has no name; an unset variable in a script looks like that.") }
        if folder.contains("://") { throw ValidationError("An export goes to a folder of this machine; for buckets there is db backup.") }
    }

    func execute(_ session: Session) async throws {
        var configuration = try await session.configuration()
        if !database.isEmpty { configuration.select(databases: database) }
        if let only { try configuration.select(only: only) }
        if unencrypted { configuration.encryption.turnOff() }
        let assembly = try Assembly(configuration, context: session.context)
        let outcome = try await ProgressView.showing(session) { try await assembly.export(to: folder, progress: $0) }
        try output.renderer(session).render(RecoveryPointReport(outcome.point, now: session.context.now()))
        if let failure = outcome.failure { throw PartlyDone.told(failure, isSaved: outcome.isSaved) }
    }
}
