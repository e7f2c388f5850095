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
            "The backup is named by its ID, the beginning of one, or “latest”; behind the URL of a store, that store's copy is shown.",
            examples: [
                ("call-center-admin db show latest", "the newest"), ("call-center-admin db show 20260214", "the only one of that day"),
                ("call-center-admin db show s3://bucket/prefix/latest", "the newest there"),
            ]
        )
    )

    @Argument(
        help: ArgumentHelp("An ID, the beginning of one, or latest; the same behind the URL of a store: s3://…/latest.", valueName: "id"),
        completion: BackupCompletion.ids)
    var reference: String

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let assembly = try Assembly(try await session.configuration(), context: session.context)
        let point: RecoveryPoint
        if let found = try await assembly.locator.point(of: reference) {
            point = found
        } else {
            point = try await assembly.catalogs.point(named: reference, session.context)
        }
        try output.renderer(session).render(RecoveryPointReport(point, now: session.context.now()))
    }
}
