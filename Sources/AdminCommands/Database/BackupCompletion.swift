import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// What a shell offers after Tab.
enum BackupCompletion {
    /// The IDs in the configured folder, and `latest`.
    static let ids = CompletionKind.custom { @Sendable _, _, prefix in await matching(prefix) }

    /// The files in the configured folder too.
    static let references = CompletionKind.custom { @Sendable _, _, prefix in await matching(prefix, withFiles: true) }

    /// The databases that are configured, and those there are backups of.
    static let databases = CompletionKind.custom { @Sendable _, _, prefix in
        guard let (configuration, listing) = await known() else { return [] }
        let names = configuration.databases + listing.points.flatMap { $0.dumps.compactMap(\.database) }
        return Set(names).filter { $0.hasPrefix(prefix) }.sorted()
    }

    private static func known() async -> (BackupConfiguration, CatalogListing)? {
        let context = RunContext.live()
        guard let configuration = try? await BackupConfiguration.load(context: context) else { return nil }
        let listing = try? await Assembly(configuration, context: context).catalogs.list()
        return (configuration, listing ?? CatalogListing(points: [], unreadable: [], orphans: []))
    }

    private static func matching(_ prefix: String, withFiles: Bool = false) async -> [String] {
        guard let (configuration, listing) = await known() else { return [] }
        let keys = withFiles ? listing.points.flatMap { $0.dumps.map(\.key) } + listing.orphans.map(\.key) : []
        let files = configuration.backupFolder.map { folder in keys.map { "\(folder)/\($0)" } } ?? []
        return (["latest"] + listing.points.map(\.id.description) + files).filter { $0.hasPrefix(prefix) }
    }
}
