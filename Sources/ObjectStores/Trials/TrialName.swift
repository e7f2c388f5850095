import BackupModel

/// How the files of trials are called: `storage-check-<random hexadecimal>-<recovery point ID>.<what for>`, or `storage-check-` and a random token.
enum TrialName {
    static let prefix = "storage-check-"

    private static let endings: Set = [
        "bin", "large", "broken", "conditions", "complete", "abort", "copied", "damaged", "class", "locked", "encrypted", "encrypted-parts",
    ]

    /// It ends like the name of a backup, so that what a killed trial leaves is found as one of ours.
    static func fresh(at now: Instant) -> String {
        "\(prefix)\(String(UInt32.random(in: 0 ... .max), radix: 16))-\(RecoveryPointID(at: now))"
    }

    /// Whether a trial made it. Nothing else is removed by one: an operator's notes, or the dump of a database, may begin the same way.
    static func matches(_ key: String) -> Bool {
        guard key.hasPrefix(prefix) else { return false }
        let rest = key.dropFirst(prefix.count)
        if rest.count == 32 { return isHexadecimal(rest) }
        guard let dash = rest.firstIndex(of: "-"), let dot = rest.firstIndex(of: "."), dash < dot else { return false }
        return isHexadecimal(rest[..<dash]) && RecoveryPointID(rest[rest.index(after: dash)..<dot]) != nil
            && endings.contains(String(rest[rest.index(after: dot)...]))
    }

    private static func isHexadecimal(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
