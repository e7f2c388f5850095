import BackupModel

/// The names a restore gives to databases: PostgreSQL keeps 63 bytes of a name (`NAMEDATALEN`) and cuts the rest without a word.
package struct DatabaseNames: Sendable, Equatable {
    /// Where a restore goes that is not told where.
    package let restored: String
    /// Where a restore that is to replace a database is made ready.
    package let ready: String
    /// What a replaced database is called afterwards.
    package let before: String

    /// - Parameter id: of the recovery point, or of the moment for a lone file.
    package init(database: String, id: String) {
        restored = Self.cut(database, "_restored_" + id)
        ready = Self.cut(database, "_restoring_" + id)
        before = Self.cut(database, "_before_" + id)
    }

    /// What a new database is called while it is filled.
    static func incomplete(_ database: String) -> String { cut(database, "_incomplete") }

    private static let longest = 63

    /// The end of the name tells restores apart, so the database's own name gives way, between two characters.
    private static func cut(_ database: String, _ suffix: String) -> String {
        var name = database
        while name.utf8.count + suffix.utf8.count > longest, !name.isEmpty { name.removeLast() }
        return name + suffix
    }

    static func taken(_ name: String) -> BackupError {
        BackupError(
            .targetExists, "there is a database \(name) already",
            hint: "Restore into another name with --into, or drop it.")
    }
}
