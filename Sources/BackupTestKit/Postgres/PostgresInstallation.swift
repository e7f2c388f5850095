import Glibc
package import SystemPackage
import Testing

/// The programs of one major version of PostgreSQL on this machine.
package struct PostgresInstallation: Sendable {
    package let major: Int
    /// The folder with `postgres`, `initdb`, `pg_dump`, `psql` and the rest.
    package let programs: FilePath

    /// Every version the project promises to back up.
    package static let supportedMajors = Array(13...18)

    /// The versions found on this machine.
    package static let installed: [Int: PostgresInstallation] = Dictionary(
        uniqueKeysWithValues: supportedMajors.compactMap { major in find(major).map { (major, $0) } }
    )

    /// True where a missing server is a failure, not a reason to skip.
    package static let isContinuousIntegration = ["true", "1"].contains(environment("CI"))

    /// The installation of a version.
    /// - Throws: `PostgresMissing` when it is not there.
    package static func required(_ major: Int) throws -> PostgresInstallation {
        guard let found = installed[major] else { throw PostgresMissing(major: major) }
        return found
    }

    /// The programs that talk to a server of this version. The last psql and pg_dump of 13 lack later repairs: `\restrict`, hash partitions over an enum.
    package var client: PostgresInstallation { major < 14 ? Self.installed[15] ?? self : self }

    /// Fetched copies come before Debian's packages: tests may add extensions to them.
    private static func find(_ major: Int) -> PostgresInstallation? {
        let folders = ["\(cacheFolder)/\(major)/bin", "/usr/lib/postgresql/\(major)/bin"]
        return folders.first { access("\($0)/postgres", X_OK) == 0 }
            .map { PostgresInstallation(major: major, programs: FilePath($0)) }
    }

    /// The same folder as in scripts/fetch-postgres.
    private static var cacheFolder: String {
        if let folder = environment("POSTGRES_TEST_FOLDER") { return folder }
        if geteuid() == 0 { return "/var/cache/call-center-backup/postgres" }
        let cache = environment("XDG_CACHE_HOME") ?? "\(environment("HOME") ?? "")/.cache"
        return "\(cache)/call-center-backup/postgres"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A server the tests need and the machine lacks.
package struct PostgresMissing: Error, CustomStringConvertible {
    package let major: Int
    package var description: String { "PostgreSQL \(major) is missing: scripts/fetch-postgres \(major)" }
}

/// Ends the running test as skipped, with the reason, when the version is missing; in continuous integration it fails instead.
package func requireServer(_ major: Int) throws {
    guard PostgresInstallation.installed[major] == nil else { return }
    let missing = PostgresMissing(major: major)
    if PostgresInstallation.isContinuousIntegration { throw missing }
    try Test.cancel("\(missing)")
}
