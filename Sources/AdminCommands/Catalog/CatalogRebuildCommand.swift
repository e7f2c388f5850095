import ArgumentParser
import BackupEngine
import BackupModel

/// `catalog rebuild`: everything read again from the stores.
struct CatalogRebuildCommand: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Read every manifest of every store again.",
        discussion: HelpText.discussion(
            "The catalog in BACKUP_STATE_DIR is a cache of the manifests in the stores; nothing is lost with it, and this makes it anew. On a new "
                + "machine it is made by itself. BACKUP_DIR takes no backup when it held some and is gone or empty, as that of a disk looks that is not "
                + "mounted; when it is meant to be so, --begin-anew forgets what it held.",
            examples: [
                ("call-center-admin catalog rebuild", "what there is, store by store"),
                (
                    "call-center-admin catalog rebuild --begin-anew /var/backups/call-center",
                    "a new disk was put in the place of the old one"
                ),
            ]
        )
    )

    @Option(help: ArgumentHelp("Let the store of that name, which has to be empty, begin anew.", valueName: "store"))
    var beginAnew: String?

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let rebuilt = try await Assembly(try await session.configuration(), context: session.context)
            .rebuildCatalog(beginningAnew: beginAnew)
        try output.renderer(session).render(CatalogRebuildReport(rebuilt, now: session.context.now()))
        guard let failure = rebuilt.compactMap(\.failure).first else { return }
        guard rebuilt.contains(where: { $0.failure == nil }) else { throw failure }
        throw BackupError(.partlyDone, "not every store could be read: \(failure)", hint: failure.hint, cause: failure)
    }
}
