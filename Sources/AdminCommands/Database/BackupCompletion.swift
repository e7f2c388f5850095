import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// What a shell offers after Tab.
enum BackupCompletion {
    /// The IDs in the configured folder, and `latest`.
    static let ids = CompletionKind.custom { @Sendable _, _, prefix in await matching(prefix) }

    private static func matching(_ prefix: String) async -> [String] {
        let context = RunContext.live()
        guard let configuration = try? await BackupConfiguration.load(context: context),
            let listing = try? await Assembly(configuration, context: context).catalog.list()
        else { return [] }
        return (["latest"] + listing.points.map(\.id.description)).filter { $0.hasPrefix(prefix) }
    }
}
