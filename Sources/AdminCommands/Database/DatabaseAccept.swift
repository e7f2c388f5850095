import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// `db accept`: a backup that was doubted for its size is as it should be.
struct DatabaseAccept: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accept a suspicious backup as it is.",
        discussion: HelpText.discussion(
            "A backup that is much smaller or larger than those before it is marked suspicious: it is kept and shown as such until somebody "
                + "who knows why accepts it. Later backups are then compared with it.",
            examples: [
                ("call-center-admin db show 20260214", "what it is doubted for"),
                ("call-center-admin db accept 20260214 --reason 'archive of 2024 moved away'", "it is as it should be"),
            ]
        )
    )

    @Argument(help: ArgumentHelp("An ID, the beginning of one, or latest.", valueName: "id"), completion: BackupCompletion.ids)
    var reference: String

    @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason: String?

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let catalogs = try Assembly(try await session.configuration(), context: session.context).catalogs
        let id = try await catalogs.point(named: reference, session.context).id
        for error in try await catalogs.accept(id, Suspicion.Acceptance(at: session.context.now(), reason: reason)) {
            session.warn("not every store knows of it: \(error)")
        }
        let point = try await catalogs.point(named: id.description, session.context)
        try output.renderer(session).render(RecoveryPointReport(point, now: session.context.now()))
    }
}

extension Catalogs {
    /// - Throws: `.invalidUsage` for what names no backup.
    func point(named reference: String, _ context: RunContext) async throws -> RecoveryPoint {
        guard let point = try await find(BackupReference(reference), asOf: context.now()) else {
            throw BackupError(
                .invalidUsage, "“\(reference)” is not the ID of a backup",
                hint: "See the IDs with `call-center-admin db list`; files are checked with `db verify-backup`."
            )
        }
        return point
    }
}
