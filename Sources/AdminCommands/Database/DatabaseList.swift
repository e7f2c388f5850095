import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// `db list`: what backups there are, and what is wrong with them.
struct DatabaseList: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the backups, newest first.",
        discussion: HelpText.discussion(
            "Files that were deleted by hand, manifests that cannot be read and dumps without a manifest are reported, too.",
            examples: [("call-center-admin db list --json | jq -r '.backups[0].id'", "the newest ID")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let catalog = Assembly(try await session.configuration(), context: session.context).catalog
        let listing = try await catalog.list()
        try output.renderer(session).render(ListReport(listing, folder: catalog.store.name, now: session.context.now()))
    }
}
