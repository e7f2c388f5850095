/// The settings every reading session is pinned to, so that the same rows give the same bytes whatever the server's,
/// database's or role's defaults are. The upper part is pg_dump's own (`setup_connection` in pg_dump.c).
package enum SessionSettings {
    package static let pinned: [(name: String, value: String)] = [
        ("search_path", ""),
        ("DateStyle", "ISO"),
        ("IntervalStyle", "postgres"),
        (MoneyLocale.setting, MoneyLocale.portable),
        ("extra_float_digits", "3"),
        ("bytea_output", "hex"),
        ("TimeZone", "UTC"),
        ("xmloption", "content"),
        ("synchronize_seqscans", "off"),
        ("row_security", "off"),
        ("statement_timeout", "0"),
        ("transaction_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("quote_all_identifiers", "off"),
        // Rows must come in the order of their place in the table: these leave the planner nothing but scans by place.
        ("max_parallel_workers_per_gather", "0"),
        ("enable_tidscan", "on"),
        ("enable_seqscan", "off"),
        ("enable_indexscan", "off"),
        ("enable_indexonlyscan", "off"),
        ("enable_bitmapscan", "off"),
        ("jit", "off"),
    ]

    /// One query that pins all of them, passing over those an older server does not know.
    static var pinStatement: String {
        let values = pinned.map { "(\(SQL.literal($0.name)), \(SQL.literal($0.value)))" }.joined(separator: ", ")
        return """
            SELECT pg_catalog.set_config(s.name, v.value, false) FROM pg_catalog.pg_settings s \
            JOIN (VALUES \(values)) AS v (name, value) ON pg_catalog.lower(s.name) = pg_catalog.lower(v.name)
            """
    }

    package static var byName: [String: String] { Dictionary(uniqueKeysWithValues: pinned.map { ($0.name, $0.value) }) }
}

extension PostgresConnection {
    /// Pins the session's settings, and speaks the database's own encoding: its bytes go into the file as they are.
    func pinSettings() throws {
        try execute("SELECT pg_catalog.set_config('client_encoding', pg_catalog.getdatabaseencoding(), false)")
        try execute(SessionSettings.pinStatement)
    }

    /// The same for a session that reads catalogs and no rows: a join of many of them takes long where most ways to read are forbidden.
    func pinSettingsForCatalogs() throws {
        try pinSettings()
        try execute("SET enable_seqscan = on; SET enable_indexscan = on; SET enable_indexonlyscan = on; SET enable_bitmapscan = on")
    }
}
