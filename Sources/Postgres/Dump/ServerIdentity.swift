/// Which server a dump was taken from.
package struct ServerIdentity: Sendable, Equatable {
    /// As the server prints it: `17.11`.
    package let version: String
    /// `pg_control_system().system_identifier`; empty where the role may not ask.
    package let systemIdentifier: String
    package let isStandby: Bool

    package init(version: String, systemIdentifier: String, isStandby: Bool) {
        self.version = version
        self.systemIdentifier = systemIdentifier
        self.isStandby = isStandby
    }

    static func read(over connection: PostgresConnection) async throws -> ServerIdentity {
        let row = try await connection.rows(
            """
            SELECT pg_catalog.current_setting('server_version'), pg_catalog.pg_is_in_recovery(),
                CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
                    THEN (SELECT system_identifier FROM pg_catalog.pg_control_system()) END
            """
        ).first
        return ServerIdentity(
            version: (row?[0] ?? nil) ?? "", systemIdentifier: (row?[2] ?? nil) ?? "", isStandby: row?[1] == "t")
    }
}
