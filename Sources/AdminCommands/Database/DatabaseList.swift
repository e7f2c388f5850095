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
            "Files that were deleted by hand, manifests that cannot be read and dumps without a manifest are reported, too. Only when there are "
                + "manifests and none can be read the status is 1. ON DISK, shown where files share blocks (btrfs, XFS), is what a "
                + "backup takes up beside older ones; SIZE is what its files hold.",
            examples: [("call-center-admin db list --json | jq -r '.backups[0].id'", "the newest ID")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let catalogs = try Assembly(try await session.configuration(), context: session.context).catalogs
        let listing = try await catalogs.list()
        for absent in listing.unreachable { session.warn("\(absent)") }
        let sizes = try await PhysicalSizes(of: listing.points, in: catalogs)
        for store in sizes.silentStores {
            session.warn("\(store) does not answer which blocks its backups share; what they take up on the disk is told as their size")
        }
        let report = ListReport(listing, sizes, stores: catalogs.all.map(\.store.name), now: session.context.now())
        try output.renderer(session).render(report)
        if let failure = report.failure { throw failure }
    }
}
