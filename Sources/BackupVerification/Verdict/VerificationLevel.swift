package import BackupModel

/// How deep a check goes.
package enum VerificationLevel: String, Sendable, Codable, CaseIterable {
    /// Structure, index, the checksum of every member and segment, and the file's SHA-256 where it is known.
    case quick
    /// All of that; every row is counted and digested again and compared with the index.
    case content
    /// All of that; restored into a scratch server and compared there, row for row and object for object.
    case restore

    /// The same level as manifests name it.
    package var inManifest: Verification.Level { Verification.Level(rawValue: rawValue) }
}
