package import BackupModel

/// The names of files in a store: `<database>-<id>.sql.gz`, `globals-<id>.sql`, `redis-<id>.rdb.gz`, `<id>.json`.
/// Those of encrypted files end with `.age` after that; what a name says is read past it.
///
/// In a database's name every byte other than ASCII letters, digits, `_`, `-` and `.` is written `%XX`, and so is a leading `-` or `.`; the name
/// can then be typed in a shell, stands in any bucket, hides from nobody, and reads back as the exact database.
package enum ArtifactName {
    package static func dump(of database: String, id: RecoveryPointID, format: Artifact.Format) -> String {
        "\(escape(database))-\(id).\(format.fileExtension)"
    }

    package static func globals(_ id: RecoveryPointID) -> String { "globals-\(id).sql" }

    /// - Parameter shard: from 1, for the masters of a cluster; nil where there is one copy.
    package static func redis(_ id: RecoveryPointID, shard: Int? = nil) -> String {
        "redis-\(shard.map { "\($0)-" } ?? "")\(id).\(Artifact.Format.gzippedRDB.fileExtension)"
    }

    /// What a Redis held before a restore touched it. Belongs to no recovery point: `id` is that of the restore.
    package static func beforeRestore(_ id: RecoveryPointID, shard: Int? = nil) -> String {
        beforeRestorePrefix + "\(shard.map { "\($0)-" } ?? "")\(id).\(Artifact.Format.gzippedRDB.fileExtension)"
    }

    package static func isBeforeRestore(_ key: String) -> Bool { key.hasPrefix(beforeRestorePrefix) && plain(key).hasSuffix(".rdb.gz") }

    private static let beforeRestorePrefix = "before-restore-"

    package static func manifest(_ id: RecoveryPointID) -> String { "\(id).json" }

    /// The recovery point a manifest's name speaks of; nil for every other file.
    package static func manifestID(_ key: String) -> RecoveryPointID? {
        key.hasSuffix(".json") ? RecoveryPointID(key.dropLast(".json".count)) : nil
    }

    /// What stands in for a manifest while its recovery point is deleted.
    package static func tombstone(_ id: RecoveryPointID) -> String { "\(id).deleted" }

    static func tombstoneID(_ key: String) -> RecoveryPointID? {
        key.hasSuffix(".deleted") ? RecoveryPointID(key.dropLast(".deleted".count)) : nil
    }

    /// The name of a file once it is encrypted.
    package static func encrypted(_ key: String) -> String { key + encryptedEnding }

    package static func isEncrypted(_ key: String) -> Bool { key.hasSuffix(encryptedEnding) }

    /// The name without what says that it is encrypted.
    package static func plain(_ key: String) -> String {
        isEncrypted(key) ? String(key.dropLast(encryptedEnding.utf8.count)) : key
    }

    package static let encryptedEnding = ".age"

    /// Whether it is a copy of Redis; a database may be called redis, and its dump is none.
    package static func isRedisCopy(_ key: String) -> Bool {
        plain(key).hasSuffix("." + Artifact.Format.gzippedRDB.fileExtension)
    }

    /// The recovery point a file's name speaks of, whatever kind of file it is; nil for names this scheme did not make.
    package static func recoveryPointID(_ key: String) -> RecoveryPointID? {
        let key = plain(key)
        if let dump = parseDump(key) { return dump.id }
        if let copy = key.wholeMatch(of: /redis-(?:\d+-)?(\d{8}T\d{6}Z)\.rdb\.gz/) { return RecoveryPointID(copy.1) }
        return key.hasPrefix("globals-") && key.hasSuffix(".sql") ? RecoveryPointID(key.dropFirst(8).dropLast(4)) : nil
    }

    /// What a dump's name says; nil for names this scheme did not make.
    package static func parseDump(_ key: String) -> (database: String, id: RecoveryPointID, format: Artifact.Format)? {
        let key = plain(key)
        for format in [Artifact.Format.gzippedSQL, .zstandardSQL, .custom] where key.hasSuffix("." + format.fileExtension) {
            let stem = key.dropLast(format.fileExtension.utf8.count + 1)
            guard let id = RecoveryPointID(stem.suffix(16)), stem.dropLast(16).last == "-" else { return nil }
            guard let database = unescape(stem.dropLast(17)), !database.isEmpty else { return nil }
            return (database, id, format)
        }
        return nil
    }

    static func escape(_ database: String) -> String {
        var name = ""
        for (place, byte) in database.utf8.enumerated() {
            let scalar = Unicode.Scalar(byte)
            let leading = place == 0 && (scalar == "-" || scalar == ".")
            if isPlain(byte), !leading {
                name.unicodeScalars.append(scalar)
            } else {
                name += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return name
    }

    static func unescape(_ name: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Substring(name)[...]
        while let first = rest.utf8.first {
            if first == UInt8(ascii: "%") {
                guard rest.utf8.count >= 3, let byte = UInt8(rest.dropFirst().prefix(2), radix: 16) else { return nil }
                bytes.append(byte)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
        default: false
        }
    }
}
