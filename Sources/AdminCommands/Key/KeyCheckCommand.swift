import ArgumentParser
import BackupEngine
import BackupModel

/// `key check`: can encrypted backups be opened again, and by whom?
struct KeyCheckCommand: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check that encrypted backups can be opened.",
        discussion: HelpText.discussion(
            "Reads the recipients and the identities of the settings, says which recipients have an identity here, and opens the newest backup of "
                + "every store as far as its header and its end. A host that cannot open its own backups is no fault: then the identity has to be "
                + "proved where it is kept.",
            examples: [
                ("call-center-admin key check", "with the settings of the service"),
                ("BACKUP_AGE_IDENTITY_FILE=/media/usb/restore.key call-center-admin key check", "with the key for emergencies"),
            ]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let findings = try await Assembly(try await session.configuration(), context: session.context).keyCheck.run()
        try output.renderer(session).render(CheckReport(checks: findings.map(CheckReport.Check.init)))
        if let failure = findings.compactMap(\.failure).first { throw failure }
    }
}
