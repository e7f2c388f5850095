import BackupModel
import DumpFormat

/// One of the sessions that load and build, and what is set on it.
struct WorkerSession: Sendable {
    let connection: PostgresConnection
    var settings: ScriptSettings

    static func open(
        _ target: ConnectionTarget, options: RestoreOptions, indexMemory: Int64?, script: ScriptSettings
    ) async throws -> WorkerSession {
        let connection = try await PostgresConnection.open(
            target, applicationName: "call-center-backup restore", stallLimit: options.stallLimit)
        do {
            for setting in script.statements(beyond: ScriptSettings()) { try await connection.execute(setting) }
            try await connection.prepare(indexMemory: indexMemory, role: options.ownership.role)
        } catch {
            await connection.close()
            throw error
        }
        return WorkerSession(connection: connection, settings: script)
    }
}

extension PostgresConnection {
    /// Settings for speed and against defaults of the database or the role that could get in the way. A restore that fails is thrown away
    /// as a whole, so nothing waits for the disk before its end.
    fileprivate func prepare(indexMemory: Int64?, role: String?) throws {
        var values = [
            ("synchronous_commit", "off"), ("statement_timeout", "0"), ("lock_timeout", "0"), ("transaction_timeout", "0"),
            ("idle_in_transaction_session_timeout", "0"), ("idle_session_timeout", "0"), ("default_transaction_read_only", "off"),
            ("default_transaction_isolation", "read committed"), ("default_transaction_deferrable", "off"),
            ("vacuum_cost_delay", "0"), ("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("array_nulls", "on"),
        ]
        if let indexMemory { values.append(("maintenance_work_mem", "\(indexMemory >> 10)kB")) }
        let list = values.map { "(\(SQL.literal($0.0)), \(SQL.literal($0.1)))" }.joined(separator: ", ")
        _ = try rows(
            """
            SELECT pg_catalog.set_config(s.name, v.value, false) FROM pg_catalog.pg_settings s \
            JOIN (VALUES \(list)) AS v (name, value) ON pg_catalog.lower(s.name) = pg_catalog.lower(v.name)
            """)
        if let role { try execute("SET ROLE \(SQL.identifier(role))") }
    }
}
