extension DumpIndex {
    /// Where and when the dump was taken.
    package struct Source: Sendable, Codable, Equatable {
        package var systemIdentifier: String
        package var serverVersion: String
        /// As `server_version_num`: 170002.
        package var serverVersionNumber: Int
        package var database: String
        package var encoding: String
        package var collation: String
        package var characterType: String
        /// As `pg_database.datlocprovider`: "c", "i" or "b".
        package var localeProvider: String
        package var locale: String?
        package var snapshot: String
        package var lsn: String
        /// UTC, ISO 8601.
        package var startedAt: String
        /// UTC, ISO 8601.
        package var finishedAt: String
        package var isStandby: Bool

        package init(
            systemIdentifier: String, serverVersion: String, serverVersionNumber: Int, database: String, encoding: String,
            collation: String, characterType: String, localeProvider: String, locale: String? = nil, snapshot: String, lsn: String,
            startedAt: String, finishedAt: String, isStandby: Bool
        ) {
            self.systemIdentifier = systemIdentifier
            self.serverVersion = serverVersion
            self.serverVersionNumber = serverVersionNumber
            self.database = database
            self.encoding = encoding
            self.collation = collation
            self.characterType = characterType
            self.localeProvider = localeProvider
            self.locale = locale
            self.snapshot = snapshot
            self.lsn = lsn
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.isStandby = isStandby
        }
    }
}
