package import BackupModel
import CLibPQ
import Glibc

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
            throw Self.malformed
        }
        defer { PQconninfoFree(options) }
        self.init(keywords: Self.values(of: options))
        guard isPlausible else { throw Self.malformed }
    }

    /// A password with `/`, `@` or `#` in it that is not percent-encoded spills into the places after it, and from there into messages.
    private var isPlausible: Bool {
        let ports = (keywords["port"] ?? "").split(separator: ",")
        let places = [keywords["host"], keywords["hostaddr"], keywords["dbname"]].compactMap { $0 }
        return ports.allSatisfy { UInt16($0) != nil } && !places.contains { $0.contains("@") || $0.contains("://") }
    }

    private static let malformed = BackupError(
        .invalidConfiguration, "the connection string is not one libpq understands",
        hint: "Write postgres://USER@HOST:PORT/DATABASE, with characters such as @ and / in a password percent-encoded.")

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
        let given = password.map { keywords.merging(["password": $0]) { $1 } } ?? keywords
        return manners.merging(given) { $1 }
    }

    /// A dead network is noticed within a minute and a half; a wait for the connection ends, unless the user said how.
    private var manners: [String: String] {
        let isSaid = getenv("PGCONNECT_TIMEOUT") != nil || getenv("PGSERVICE") != nil || keywords["service"] != nil
        let timeout = isSaid ? [:] : ["connect_timeout": "15"]
        return timeout.merging(["keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "6"]) { $1 }
    }

    /// Keywords of libpq whose values are secrets but have no variable in the environment.
    private static let secrets: Set = ["sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"]

    /// For the arguments of pg_dump and its kin (`--dbname`): everything but secrets.
    package var connectionString: String {
        let visible = manners.merging(keywords.filter { !Self.secrets.contains($0.key) }) { $1 }
        return visible.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value))" }.joined(separator: " ")
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
