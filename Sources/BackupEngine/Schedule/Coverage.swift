package import BackupCatalog
package import BackupModel

/// Whether the stores have a backup of everything since a slot, whoever took it: hosts that share a store share its schedule.
package struct Coverage: Sendable {
    private let databases: Set<String>
    private let savesRedis: Bool

    package init(_ configuration: BackupConfiguration) {
        databases = configuration.databasesThatCount
        savesRedis = configuration.redis != nil
    }

    /// The newest sound backup of all that is configured; nil when there is none. One of the future, by a clock that was wrong, would stand for every
    /// slot until then.
    package func newest(of points: [RecoveryPoint], asOf now: Instant) -> RecoveryPoint? {
        points.filter { covers($0) && !$0.manifest.startedAt.isFuture(at: now) }.max { $0.manifest.startedAt < $1.manifest.startedAt }
    }

    private func covers(_ point: RecoveryPoint) -> Bool {
        guard point.isSound, point.manifest.lacking.isEmpty else { return false }
        return databases.isSubset(of: point.dumps.compactMap(\.database)) && (!savesRedis || !point.redisDumps.isEmpty)
    }
}

extension BackupConfiguration {
    /// Those that a backup has to hold to stand for a slot.
    var databasesThatCount: Set<String> { savesPostgres ? Set(databases) : [] }
}

extension Assembly {
    /// When the newest backup of everything was begun that can be found; nil where there is none, or no store can be asked.
    package func covered() async throws -> Instant? {
        do {
            let points = try await catalogs.list().points
            return Coverage(configuration).newest(of: points, asOf: context.now())?.manifest.startedAt
        } catch is BackupError {
            try Task.checkCancellation()
            return nil
        }
    }

    /// The newest backup of everything, where the run that took it was to check it and has not: it was killed in between, on whichever host, or is still
    /// at it. Nil where it was checked.
    /// - Throws: where no store can be asked.
    package func unchecked() async throws -> RecoveryPointID? {
        guard configuration.verification.policy != .none else { return nil }
        let newest = Coverage(configuration).newest(of: try await catalogs.list().points, asOf: context.now())
        return newest?.condition == .notVerified ? newest?.id : nil
    }
}
