package import BackupCatalog
package import BackupModel
package import BytePipeline
package import Postgres

/// What one run of a backup is asked for.
package struct BackupRequest: Sendable {
    /// The server and role; each database is reached through it.
    package var server: ConnectionTarget
    /// Empty: PostgreSQL is not saved.
    package var databases: [String]
    /// Nil: Redis is not saved.
    package var redis: RedisSettings?
    /// The one the `latest` links stand for.
    package var mainDatabase: String?
    package var format: Artifact.Format
    package var jobs: Int
    /// Over all that is written, after compression.
    package var rateLimit: ByteRate?
    package var lockTimeout: Duration
    package var stallTimeout: Duration
    /// Bytes the whole run may hold at once.
    package var memoryLimit: Int
    package var programFolder: String?
    /// How long to wait for another run to end.
    package var runLockTimeout: Duration
    /// What makes a backup suspicious beside those before it.
    package var sizeSense: SizeSense
    /// Whom the files are encrypted to; empty: they are not.
    package var recipients: [AgeRecipient]
    /// What one store may cost the others.
    package var storeLimits: TeeLimits
    /// How long what has not changed is taken over from the backup before; nil: everything is read.
    package var rereadAfter: Duration?
    /// What opens the dump before, where it is encrypted. A copy of Redis is taken over without being opened.
    package var identities: Identities

    /// Databases, and Redis.
    var partCount: Int { databases.count + (redis == nil ? 0 : 1) }

    package init(
        server: ConnectionTarget, databases: [String], redis: RedisSettings? = nil, mainDatabase: String? = nil,
        format: Artifact.Format = .gzippedSQL, jobs: Int,
        rateLimit: ByteRate? = nil,
        lockTimeout: Duration = .seconds(300), stallTimeout: Duration = .seconds(900), memoryLimit: Int = 128 << 20,
        programFolder: String? = nil, runLockTimeout: Duration = .zero,
        sizeSense: SizeSense = SizeSense(shrinkPercent: nil, growthPercent: nil), recipients: [AgeRecipient] = [],
        storeLimits: TeeLimits = TeeLimits(), rereadAfter: Duration? = nil, identities: @escaping Identities = { [] }
    ) {
        self.server = server
        self.databases = databases
        self.redis = redis
        self.mainDatabase = mainDatabase
        self.format = format
        self.jobs = jobs
        self.rateLimit = rateLimit
        self.lockTimeout = lockTimeout
        self.stallTimeout = stallTimeout
        self.memoryLimit = memoryLimit
        self.programFolder = programFolder
        self.runLockTimeout = runLockTimeout
        self.sizeSense = sizeSense
        self.recipients = recipients
        self.storeLimits = storeLimits
        self.rereadAfter = rereadAfter
        self.identities = identities
    }
}
