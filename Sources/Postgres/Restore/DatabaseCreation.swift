import BackupModel
import DumpFormat

/// Makes the empty database a dump is restored into, in the encoding and locale of the one it was taken from.
struct DatabaseCreation: Sendable {
    let name: String
    let source: DumpIndex.Source
    /// The release of the server it is made on, as the server numbers it.
    let serverVersion: Int

    /// `template0` because only it may be copied in another encoding and locale, and because nobody adds to it.
    var statement: String {
        var parts = [
            "CREATE DATABASE \(SQL.identifier(name)) TEMPLATE template0", "ENCODING \(SQL.literal(source.encoding))",
            "LC_COLLATE \(SQL.literal(source.collation))", "LC_CTYPE \(SQL.literal(source.characterType))",
        ]
        if serverVersion >= 150000 { parts += provider }
        return parts.joined(separator: " ")
    }

    private var provider: [String] {
        let locale = source.locale.map(SQL.literal)
        switch source.localeProvider {
        case "i": return ["LOCALE_PROVIDER icu"] + (locale.map { ["ICU_LOCALE \($0)"] } ?? [])
        case "b" where serverVersion >= 170000: return ["LOCALE_PROVIDER builtin"] + (locale.map { ["BUILTIN_LOCALE \($0)"] } ?? [])
        default: return ["LOCALE_PROVIDER libc"]
        }
    }

    func run(over connection: PostgresConnection) async throws {
        do {
            try await connection.execute(statement)
        } catch let error as BackupError {
            throw explained(error)
        }
    }

    private func explained(_ error: BackupError) -> BackupError {
        switch (error.cause as? PostgresError)?.sqlState {
        case "42P04": DatabaseNames.taken(name)
        case "42501":
            BackupError(
                .permissionDenied, "the role may not create databases",
                hint: "ALTER ROLE … CREATEDB, or have an empty database made and restore with --into.", cause: error)
        case "42809", "42704", "22023":
            BackupError(
                .failed, "the server cannot make a database with the locale \(locale) and the encoding \(source.encoding)",
                hint: "Install that locale on the server (locale-gen, or the language's package) and restart PostgreSQL; "
                    + "or make an empty database with another locale and restore with --into.",
                cause: error)
        default: error
        }
    }

    private var locale: String { source.localeProvider == "c" ? source.collation : source.locale ?? source.collation }
}
