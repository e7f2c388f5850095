import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// `db show`: everything a manifest says.
struct DatabaseShow: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one backup: its files, snapshots and verifications.",
        discussion: HelpText.discussion(
            "The backup is named by its ID, the beginning of one, or “latest”.",
            examples: [
                ("call-center-admin db show latest", "the newest"), ("call-center-admin db show 20260214", "the only one of that day"),
            ]
        )
    )

    @Argument(help: ArgumentHelp("An ID, the beginning of one, or latest.", valueName: "id"), completion: BackupCompletion.ids)
    var reference: String

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let catalogs = try Assembly(try await session.configuration(), context: session.context).catalogs
        let point = try await catalogs.point(named: reference)
        try output.renderer(session).render(RecoveryPointReport(point, now: session.context.now()))
    }
}
