import BackupModel

/// How a dump is brought back, apart from where to.
package struct RestoreOptions: Sendable {
    /// Connections that load rows and build indexes at the same time.
    package var jobs: Int
    package var ownership: Ownership
    /// Plain or schema-qualified names; empty: the whole dump.
    package var tables: [String]
    /// Bytes for one index build (`maintenance_work_mem`); nil: a share of this machine's memory when the server runs here too.
    package var indexMemory: Int64?
    /// Read every row back from the server and compare the digests.
    package var readsBack: Bool
    package var analyzes: Bool
    /// Load only a part of large tables; nil: everything.
    package var sample: SegmentSample?
    /// What the restore's durations are measured by.
    package var clock: any Clock<Duration>
    /// How long a COPY may stand still.
    package var stallLimit: Duration?
    /// Leaves a database that could not be restored to its end, under its unfinished name.
    package var keepsUnfinished = false

    package init(
        jobs: Int = 2, ownership: Ownership = Ownership(), tables: [String] = [], indexMemory: Int64? = nil, readsBack: Bool = false,
        analyzes: Bool = true, sample: SegmentSample? = nil, clock: any Clock<Duration> = AlarmClock(), stallLimit: Duration? = nil
    ) {
        self.jobs = max(1, jobs)
        self.ownership = ownership
        self.tables = tables
        self.indexMemory = indexMemory
        self.readsBack = readsBack
        self.analyzes = analyzes
        self.sample = sample
        self.clock = clock
        self.stallLimit = stallLimit
    }

    /// What of owners and rights comes back; the options of pg_restore with the same names.
    package struct Ownership: Sendable, Equatable {
        /// `--no-owner`: everything belongs to the role that restores.
        package var skipsOwners: Bool
        /// `--no-privileges`: no GRANT, no REVOKE.
        package var skipsPrivileges: Bool
        /// `--no-tablespaces`: everything goes to the database's default tablespace.
        package var skipsTablespaces: Bool
        /// `--role`: SET ROLE before anything is made.
        package var role: String?

        package init(
            skipsOwners: Bool = false, skipsPrivileges: Bool = false, skipsTablespaces: Bool = false, role: String? = nil
        ) {
            self.skipsOwners = skipsOwners
            self.skipsPrivileges = skipsPrivileges
            self.skipsTablespaces = skipsTablespaces
            self.role = role
        }
    }
}
