import Glibc

/// Amounts of type `money` are text of a locale: `1.234,56 €` of one is an error or another amount in the next (PostgreSQL documentation, "Monetary
/// Types"). Where a database has such columns, its rows and definitions are written as in the locale every server has, and the script says so.
enum MoneyLocale {
    static let setting = "lc_monetary"
    static let portable = "C"

    static let announcement = "SET \(setting) = '\(portable)';"

    /// Whether the database has a column or a domain of that type.
    static func matters(over connection: PostgresConnection) async throws -> Bool {
        let rows = try await connection.rows(
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE atttypid IN \(types) AND attnum > 0)
                OR EXISTS (SELECT FROM pg_catalog.pg_type WHERE typbasetype IN \(types))
            """)
        return rows.first?[0] == "t"
    }

    private static let types = "('pg_catalog.money'::pg_catalog.regtype, 'pg_catalog.money[]'::pg_catalog.regtype)"

    /// For pg_dump, which pins every other setting itself. What the user says of the session, here or in the environment, is kept.
    static func pin(_ target: ConnectionTarget) -> ConnectionTarget {
        let given = target.keywords["options"] ?? getenv("PGOPTIONS").map { String(cString: $0) } ?? ""
        return target.with("options", (given.isEmpty ? "" : given + " ") + "-c \(setting)=\(portable)")
    }
}
