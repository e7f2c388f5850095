package import BackupModel
import CLibPQ

/// Which server, database and role, in libpq's own words; the password is kept apart so that nothing prints it.
package struct ConnectionTarget: Sendable {
    /// libpq connection keywords (PostgreSQL documentation, "Parameter Key Words"), without `password`.
    package var keywords: [String: String]
    private var password: String?

    package init(keywords: [String: String] = [:]) {
        self.keywords = keywords
        password = self.keywords.removeValue(forKey: "password")
    }

    /// Reads a `postgres://` URL or a keyword string, as `DATABASE_URL` holds it.
    /// - Throws: `BackupError` with `.invalidConfiguration`; the text itself is never repeated, it may hold a password.
    package init(url: String) throws(BackupError) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            PQfreemem(message)
            throw BackupError(
                .invalidConfiguration,
                "the connection string is not one libpq understands",
                hint: "Write postgres://USER@HOST:PORT/DATABASE, with characters such as @ and / in a password percent-encoded."
            )
        }
        defer { PQconninfoFree(options) }
        self.init(keywords: Self.values(of: options))
    }

    private static func values(of options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return values
    }

    /// The same server and role, another database.
    package func with(database: String) -> ConnectionTarget {
        with("dbname", database)
    }

    /// The same target with a password, unless it has one already.
    package func withPassword(_ secret: Secret) -> ConnectionTarget {
        var copy = self
        copy.password = password ?? secret.reveal()
        return copy
    }

    /// The same target with one keyword set to another value.
    package func with(_ keyword: String, _ value: String) -> ConnectionTarget {
        var copy = self
        copy.keywords[keyword] = value
        return copy
    }
}

extension ConnectionTarget {
    /// What libpq is given: the keywords, the password, and manners of ours where the user set none.
    var parameters: [String: String] {
        let manners = ["connect_timeout": "15", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "6"]
        let given = password.map { keywords.merging(["password": $0]) { $1 } } ?? keywords
        return manners.merging(given) { $1 }
    }

    /// For the arguments of pg_dump and its kin (`--dbname`): everything but the password.
    package var connectionString: String {
        keywords.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value))" }.joined(separator: " ")
    }

    /// For the environment of pg_dump and its kin: the password, which must not be seen among a process's arguments.
    package var secretEnvironment: [String: String] {
        password.map { ["PGPASSWORD": $0] } ?? [:]
    }

    private static func quoted(_ value: String) -> String {
        "'" + value.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}

extension ConnectionTarget: CustomStringConvertible, CustomReflectable {
    /// `user@host:port/database`, as far as it is said here; the rest comes from libpq's environment and defaults.
    package var description: String {
        let user = keywords["user"].map { $0 + "@" } ?? ""
        let port = keywords["port"].map { ":" + $0 } ?? ""
        return user + (keywords["host"] ?? keywords["hostaddr"] ?? "default host") + port + "/" + (keywords["dbname"] ?? "default database")
    }

    package var customMirror: Mirror { Mirror(self, children: ["target": description]) }
}
