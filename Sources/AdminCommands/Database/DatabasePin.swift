import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// `db pin`: a backup is kept whatever the rules say.
struct DatabasePin: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keep a backup for good.",
        discussion: HelpText.discussion(
            "Retention leaves a pinned backup alone, in every store that holds it, until `db unpin`.",
            examples: [("call-center-admin db pin 20260214 --reason 'before the migration'", "it stays")]
        )
    )

    @Argument(help: ArgumentHelp("An ID, the beginning of one, or latest.", valueName: "id"), completion: BackupCompletion.ids)
    var reference: String

    @Option(help: ArgumentHelp("Why, for the record.", valueName: "text"))
    var reason: String?

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let pin = Pin(at: session.context.now(), reason: reason)
        try await PinChange(reference: reference, pin: pin).execute(session, output)
    }
}

/// `db unpin`: the rules decide again.
struct DatabaseUnpin: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Let the rules of retention decide on a pinned backup again.",
        discussion: HelpText.discussion(
            "What becomes of it then is told by `call-center-admin db prune --dry-run`.",
            examples: [("call-center-admin db unpin 20260214", "it is like any other")]
        )
    )

    @Argument(help: ArgumentHelp("An ID, the beginning of one, or latest.", valueName: "id"), completion: BackupCompletion.ids)
    var reference: String

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws { try await PinChange(reference: reference, pin: nil).execute(session, output) }
}

/// The same in every store that holds the backup.
private struct PinChange {
    let reference: String
    let pin: Pin?

    func execute(_ session: Session, _ output: OutputOptions) async throws {
        let catalogs = try Assembly(try await session.configuration(), context: session.context).catalogs
        let id = try await catalogs.point(named: reference, session.context).id
        let failures = try await catalogs.everywhere { try await $0.pin(id, pin) }
        let changed = try await catalogs.point(named: id.description, session.context)
        try output.renderer(session).render(RecoveryPointReport(changed, now: session.context.now()))
        if let failure = failures.first { throw unknown(failure) }
    }

    private func unknown(_ failure: BackupError) -> BackupError {
        let remedy = pin == nil ? "the same command again takes the pin off there too" : "`call-center-admin db sync` tells it"
        return BackupError(
            .partlyDone, "not every store knows of it: \(failure)", hint: "When the store can be reached, \(remedy).", cause: failure)
    }
}
