import BackupCatalog
import BackupModel

extension RunScope {
    init(_ configuration: BackupConfiguration, _ catalogs: Catalogs) {
        self.init(
            postgres: configuration.savesPostgres ? "\(configuration.source)" : nil,
            databases: configuration.savesPostgres ? configuration.databases : [],
            redis: configuration.redis.map { "\($0.target)" }, stores: catalogs.all.map(\.store.name),
            format: configuration.format.rawValue,
            verification: "\(configuration.verification.policy)")
    }
}

extension Artifact.Kind {
    /// Nil for what a later version saves.
    var target: BackupTarget? {
        switch self {
        case .postgresDump, .globals: .postgres
        case .redisDump: .redis
        default: nil
        }
    }
}
