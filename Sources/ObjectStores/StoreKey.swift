import BackupModel

/// How stored files may be called.
enum StoreKey {
    /// Neither hidden nor in a folder below.
    static func isFlat(_ key: String) -> Bool {
        !key.isEmpty && !key.hasPrefix(".") && !key.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    /// The same without control characters, which answers of servers cannot all bear.
    static func isForBuckets(_ key: String) -> Bool { isFlat(key) && !key.utf8.contains { $0 < 32 } }

    static func refusal(of key: String) -> BackupError { BackupError(.storeFailed, "“\(key)” cannot be the name of a stored file") }
}
