extension DumpIndex {
    /// What has to be the same at a later snapshot for a segment of this dump to stand for the rows of that one; `docs/format.md` says why.
    ///
    /// Together with `source`, `session`, `extensions` and the tables' `definition`. Times are the server's own text in UTC, for comparing only.
    package struct Ground: Sendable, Codable, Equatable {
        /// Every transaction before this one had ended when the snapshot was taken: a full transaction ID, epoch included.
        package var xmin: UInt64
        /// The first transaction that had not begun.
        package var xmax: UInt64
        /// OID of the database and the transaction that wrote its row of `pg_database`.
        package var database: String
        package var serverStartedAt: String
        /// When statistics began to be counted: a server that recovers from a crash without being started anew begins them anew.
        package var countingSince: String
        /// The process that lives until the next crash; nil where the role may not see it.
        package var checkpointerStartedAt: String?
        /// Nil where the role may not ask.
        package var timeline: Int?

        package init(
            xmin: UInt64, xmax: UInt64, database: String, serverStartedAt: String, countingSince: String,
            checkpointerStartedAt: String? = nil, timeline: Int? = nil
        ) {
            self.xmin = xmin
            self.xmax = xmax
            self.database = database
            self.serverStartedAt = serverStartedAt
            self.countingSince = countingSince
            self.checkpointerStartedAt = checkpointerStartedAt
            self.timeline = timeline
        }
    }
}
