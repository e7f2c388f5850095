import ArgumentParser
import BackupEngine
import BackupModel

/// `db prune`: removes the backups that no rule keeps any longer.
struct DatabasePrune: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the backups that no rule keeps.",
        discussion: HelpText.discussion(
            "Goes through every store by its own rules (BACKUP_RETENTION_…) and says of each backup why it is kept or removed. Only verified backups "
                + "count; the last of them, pinned ones and whatever a doubt hangs over stay. Files that are not ours are never touched. "
                + "docs/retention.md has the rules.",
            examples: [
                ("call-center-admin db prune --dry-run", "what would be removed, and why the others stay"),
                ("call-center-admin db prune --store s3://bucket/prefix", "in one store only"),
            ]
        )
    )

    @Flag(help: "Only tell what would be removed.")
    var dryRun = false

    @Option(help: ArgumentHelp("Only in the store of that name, as `db prune --dry-run` prints it.", valueName: "store"))
    var store: String?

    @Flag(help: "Remove also where no backup was taken for longer than BACKUP_RETENTION_CLOCK_BOUND.")
    var acceptGap = false

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        var order = PruneRun.Order()
        (order.isDryRun, order.acceptsGaps, order.store) = (dryRun, acceptGap, store)
        let assembly = try Assembly(
            try await session.configuration(), context: session.context, examiner: Examiner(context: session.context))
        let stores = try await ProgressView.showing(session) { [order] in try await assembly.prune(order, progress: $0) }
        try output.renderer(session).render(PruneReport(stores, isDryRun: dryRun, now: session.context.now()))
        if let failure = stores.failure { throw failure }
    }
}
