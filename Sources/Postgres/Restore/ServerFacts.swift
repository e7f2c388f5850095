import BackupModel
import Glibc

/// What the server has and allows, as far as a restore asks.
struct ServerFacts: Sendable {
    enum Space: Sendable, Equatable {
        case free(bytes: Int64, path: String)
        /// It cannot be looked at, and why.
        case unknown(String)
    }

    var serverVersion: Int
    var databases: Set<String>
    var roles: Set<String>
    var tablespaces: Set<String>
    /// Installable extensions with their versions.
    var extensions: [String: Set<String>]
    var mayCreateDatabases: Bool
    var user: String
    var space: Space

    static func read(over connection: PostgresConnection) async throws -> ServerFacts {
        func names(_ query: String) async throws -> Set<String> { Set(try await connection.rows(query).compactMap { $0.first ?? nil }) }
        let versions = try await connection.rows("SELECT name, version FROM pg_catalog.pg_available_extension_versions")
        let me = try await connection.rows(
            "SELECT rolname, rolsuper OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = current_user")
        return ServerFacts(
            serverVersion: try await connection.serverVersion, databases: try await names("SELECT datname FROM pg_catalog.pg_database"),
            roles: try await names("SELECT rolname FROM pg_catalog.pg_roles"),
            tablespaces: try await names("SELECT spcname FROM pg_catalog.pg_tablespace"),
            extensions: Dictionary(versions.map { ($0[0] ?? "", [$0[1] ?? ""]) }) { $0.union($1) },
            mayCreateDatabases: me.first?[1] == "t", user: (me.first?[0] ?? nil) ?? "", space: try await space(over: connection))
    }

    private static func space(over connection: PostgresConnection) async throws -> Space {
        guard try await connection.isLocal else { return .unknown("the server runs on another machine") }
        let rows = try await connection.rows(
            """
            SELECT CASE WHEN pg_catalog.pg_has_role('pg_read_all_settings', 'MEMBER')
                THEN pg_catalog.current_setting('data_directory') END
            """)
        guard let path = rows.first?.first ?? nil else { return .unknown("the role may not ask where the server keeps its data") }
        var status = statvfs()
        // A server in a container or behind a tunnel names a path of its own.
        guard statvfs(path, &status) == 0 else { return .unknown("\(path) cannot be seen from here") }
        return .free(bytes: Int64(status.f_bavail) * Int64(status.f_frsize), path: path)
    }
}
