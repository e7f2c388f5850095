import Glibc
package import SystemPackage
import Testing

/// One Redis or Valkey server on this machine.
package struct RedisInstallation: Sendable {
    /// Every server the project promises to back up.
    package enum Version: String, Sendable, CaseIterable, CustomTestStringConvertible {
        case redis6 = "redis-6.2"
        case redis7 = "redis-7.0"
        case redis74 = "redis-7.4"
        case valkey8 = "valkey-8.1"
        case valkey9 = "valkey-9.1"

        package var testDescription: String { rawValue }
        package var isValkey: Bool { rawValue.hasPrefix("valkey") }
        /// Of the packages fetched only these were built with TLS.
        package var speaksTLS: Bool { self == .redis7 || self == .redis74 }
    }

    package let version: Version
    package let server: FilePath

    /// The servers found on this machine.
    package static let installed: [Version: RedisInstallation] = Dictionary(
        uniqueKeysWithValues: Version.allCases.compactMap { version in
            let program = "\(cacheFolder)/\(version.rawValue)/server"
            return access(program, X_OK) == 0 ? (version, RedisInstallation(version: version, server: FilePath(program))) : nil
        }
    )

    /// The installation of a version.
    /// - Throws: `RedisMissing` when it is not there.
    package static func required(_ version: Version) throws -> RedisInstallation {
        guard let found = installed[version] else { throw RedisMissing(version: version) }
        return found
    }

    /// The same folder as in scripts/fetch-redis.
    private static var cacheFolder: String {
        if let folder = environment("REDIS_TEST_FOLDER") { return folder }
        if geteuid() == 0 { return "/var/cache/call-center-backup/redis" }
        let cache = environment("XDG_CACHE_HOME") ?? "\(environment("HOME") ?? "")/.cache"
        return "\(cache)/call-center-backup/redis"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A server the tests need and the machine lacks.
package struct RedisMissing: Error, CustomStringConvertible {
    package let version: RedisInstallation.Version
    package var description: String { "\(version.rawValue) is missing: scripts/fetch-redis \(version.rawValue)" }
}

/// Ends the running test as skipped, with the reason, when the server is missing; in continuous integration it fails instead.
package func requireRedis(_ version: RedisInstallation.Version) throws {
    guard RedisInstallation.installed[version] == nil else { return }
    let missing = RedisMissing(version: version)
    if PostgresInstallation.isContinuousIntegration { throw missing }
    try Test.cancel("\(missing)")
}
