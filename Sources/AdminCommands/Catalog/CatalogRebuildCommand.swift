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
                + "machine it is made by itself.",
            examples: [("call-center-admin catalog rebuild", "what there is, store by store")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let rebuilt = try await Assembly(try await session.configuration(), context: session.context).rebuildCatalog()
        try output.renderer(session).render(CatalogRebuildReport(rebuilt, now: session.context.now()))
        guard let failure = rebuilt.compactMap(\.failure).first else { return }
        guard rebuilt.contains(where: { $0.failure == nil }) else { throw failure }
        throw BackupError(.partlyDone, "not every store could be read: \(failure)", hint: failure.hint, cause: failure)
    }
}
