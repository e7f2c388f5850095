import Glibc
import Testing

/// One server of object stores on this machine.
package struct S3Installation: Sendable {
    /// Every server the S3 store is tried on.
    package enum Kind: String, Sendable, CaseIterable, CustomTestStringConvertible {
        /// The everyday target: nearly all of S3, with TLS and object lock.
        case seaweedfs
        /// A second implementation, which checks signatures.
        case moto
        /// MinIO's code over a file system: the strictest with signatures; knows no conditional writes.
        case juicefs
        /// `rclone serve s3`: knows no conditional writes either.
        case rclone

        package var testDescription: String { rawValue }
        /// Whether it keeps what is there when asked to with `If-None-Match`.
        package var keepsExisting: Bool { self == .seaweedfs || self == .moto }
        /// Whether it refuses a write with `If-Match` when the object has changed.
        package var noticesChanges: Bool { self == .seaweedfs || self == .moto }
        /// Whether it makes parts of an upload of what it has, and says their checksum.
        package var saysWhatItCopied: Bool { self == .seaweedfs }
        /// Whether it refuses bytes that are not those of `x-amz-checksum-sha256`.
        package var refusesByChecksum: Bool { self == .seaweedfs }
        /// Whether it refuses bytes that are not those of the hash that is signed (`x-amz-content-sha256`).
        package var refusesBySignature: Bool { self == .juicefs }
        package var locksObjects: Bool { self == .seaweedfs || self == .moto }
    }

    package let kind: Kind
    let program: String

    /// The servers found on this machine.
    package static let installed: [Kind: S3Installation] = Dictionary(
        uniqueKeysWithValues: Kind.allCases.compactMap { kind in
            let program = "\(StoreFolder.path)/\(kind.rawValue)/server"
            return access(program, X_OK) == 0 ? (kind, S3Installation(kind: kind, program: program)) : nil
        }
    )

    /// The installation of a server.
    /// - Throws: `StoreServerMissing` when it is not there.
    package static func required(_ kind: Kind) throws -> S3Installation {
        guard let found = installed[kind] else { throw StoreServerMissing(name: kind.rawValue) }
        return found
    }
}

/// Where scripts/fetch-stores keeps what it fetched.
package enum StoreFolder {
    package static var path: String {
        if let folder = environment("STORES_TEST_FOLDER") { return folder }
        if geteuid() == 0 { return "/var/cache/call-center-backup/stores" }
        let cache = environment("XDG_CACHE_HOME") ?? "\(environment("HOME") ?? "")/.cache"
        return "\(cache)/call-center-backup/stores"
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A server the tests need and the machine lacks.
package struct StoreServerMissing: Error, CustomStringConvertible {
    package let name: String
    package init(name: String) { self.name = name }
    package var description: String { "\(name) is missing: scripts/fetch-stores \(name)" }
}

/// Ends the running test as skipped, with the reason, when the server is missing; in continuous integration it fails instead.
package func requireStore(_ kind: S3Installation.Kind) throws {
    guard S3Installation.installed[kind] == nil else { return }
    let missing = StoreServerMissing(name: kind.rawValue)
    if PostgresInstallation.isContinuousIntegration { throw missing }
    try Test.cancel("\(missing)")
}
