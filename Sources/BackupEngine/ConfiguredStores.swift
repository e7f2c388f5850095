import BackupModel
import BytePipeline
import ObjectStores

/// The stores a configuration means, what is nearest first.
struct ConfiguredStores {
    let all: [any ProvableStore]

    /// - Throws: `.invalidConfiguration` when there is none, or one cannot be spoken to as configured.
    init(_ configuration: BackupConfiguration, context: RunContext) throws {
        var stores: [any ProvableStore] = []
        if let folder = configuration.backupFolder { stores.append(configuration.store(in: folder, context: context)) }
        if let s3 = configuration.s3 { stores.append(try s3.store(context: context)) }
        if let gcs = configuration.gcs { stores.append(try gcs.store(context: context)) }
        guard !stores.isEmpty else {
            throw BackupError(
                .invalidConfiguration, "BACKUP_DIR is none, and no bucket is configured, so there is no place for backups",
                hint: "Name a folder in BACKUP_DIR, or a bucket in BACKUP_S3_BUCKET or BACKUP_GCS_BUCKET.")
        }
        all = stores
    }
}

extension BackupConfiguration {
    fileprivate func store(in folder: String, context: RunContext) -> LocalStore {
        LocalStore(root: folder, fullAt: diskMaxPercent, rateLimit: folderRateLimit.map { RateLimit($0, clock: context.clock) })
    }
}

/// The store of a URL that is none of the configured ones: another bucket or prefix, spoken to as the configured one of its kind is.
struct ForeignStore {
    let configuration: BackupConfiguration
    let context: RunContext

    /// - Returns: the store, and the key in it; nil for what is no URL of a store.
    /// - Throws: `.invalidConfiguration` when nothing says how such a store is spoken to.
    @Sendable func callAsFunction(_ url: String) throws -> (store: any BackupStore, key: String)? {
        guard let parts = url.wholeMatch(of: /(s3|gs):\/\/([^\/]+)\/(?:(.+)\/)?([^\/]+)/) else { return nil }
        let (kind, bucket, prefix, key) = (parts.1, String(parts.2), String(parts.3 ?? ""), String(parts.4))
        switch kind {
        case "s3": return (try settings(configuration.s3, "BACKUP_S3_BUCKET").store(bucket: bucket, prefix: prefix, context: context), key)
        default: return (try settings(configuration.gcs, "BACKUP_GCS_BUCKET").store(bucket: bucket, prefix: prefix, context: context), key)
        }
    }

    private func settings<Settings>(_ settings: Settings?, _ name: String) throws -> Settings {
        if let settings { return settings }
        throw BackupError(
            .invalidConfiguration, "nothing says how that bucket is spoken to: \(name) is not set",
            hint: "Set it to a bucket of the same server; its credentials, region and endpoint are used for this one too.")
    }
}
