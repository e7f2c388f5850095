import BackupModel
package import Redis

/// Where Redis is, and which of its servers a copy is taken from.
package struct RedisSettings: Sendable {
    package var target: RedisTarget
    /// Of a single server, where it has any.
    package var replicas: [RedisEndpoint]
    /// Also takes replicas that Sentinels and clusters know of.
    package var prefersReplicas: Bool

    package var search: TopologySearch { TopologySearch(target, replicas: replicas, prefersReplicas: prefersReplicas) }
}

extension RedisSettings {
    /// Nil when nobody says where Redis is.
    init?(_ read: SettingReader) throws {
        guard let target = try read.redis(.redisURL) else { return nil }
        let password = try read.text(.redisPassword).map { Secret($0) }
        self.target = password.map { target.withPassword($0) } ?? target
        replicas = try read.redisServers(.redisReplicas).map { $0.endpoint(at: $0.places[0]) }
        prefersReplicas = try read.choice(.redisReadFrom) == "replica" || !replicas.isEmpty
    }
}

extension SettingReader {
    func redis(_ setting: Setting) throws -> RedisTarget? {
        try given(setting).map { try redis($0, of: setting) }
    }

    func redisServers(_ setting: Setting) throws -> [RedisTarget] {
        try list(setting).map { url in
            let target = try redis(url, of: setting)
            guard case .server = target.kind else { throw unusable(setting, "it takes URLs of single servers") }
            return target
        }
    }

    private func redis(_ url: String, of setting: Setting) throws -> RedisTarget {
        do {
            return try RedisTarget(url: url)
        } catch {
            throw unusable(setting, error.message, hint: error.hint)
        }
    }

    private func unusable(_ setting: Setting, _ why: String, hint: String? = nil) -> BackupError {
        BackupError(.invalidConfiguration, "\(setting.name)\(place(setting)) cannot be used: \(why)", hint: hint)
    }
}
