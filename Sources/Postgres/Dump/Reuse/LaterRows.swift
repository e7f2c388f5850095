/// The rows that a snapshot sees and that a transaction inserted which had not ended at an earlier one: `docs/format.md`, "The ground".
enum LaterRows {
    /// A condition on a row's `xmin`.
    ///
    /// `age` works on the 32 bits that stand in a row, which freezing leaves there. Between the two snapshots lie less than 2^30 transactions, so that
    /// what is as old as the earlier one's `xmin` or younger is of that stretch (or older by 2^32, which costs a reading), and what seems to come from the
    /// future is older than 2^31: no snapshot sees the future. `initdb` wrote its rows as transaction 1; whatever else has no transaction's ID was
    /// written by nothing that is known here. Most rows are older: what is false for them comes first, for each comparison costs them a tenth of the time.
    /// - Parameter xmin: of the earlier snapshot: a full transaction ID.
    static func condition(since xmin: UInt64) -> String {
        let oldest = "(SELECT pg_catalog.age('\(UInt32(truncatingIfNeeded: xmin))'::pg_catalog.xid))"
        return "pg_catalog.age(xmin) <= \(oldest) AND pg_catalog.age(xmin) >= 0 OR xmin = '2'::pg_catalog.xid"
    }
}
