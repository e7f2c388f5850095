package import BackupModel
import Postgres
package import ScratchServers

/// How a proof by restore is made.
package struct ProofSettings: Sendable {
    package var place: ScratchPlace
    /// Where PostgreSQL's programs are looked for first (`PG_BIN_DIR`).
    package var programFolder: String?
    package var jobs: Int
    package var stallLimit: Duration?
    /// The tables that are restored, plain or qualified names; empty: all.
    package var tables: [String]
    /// The share of the segments of tables with more text than `giant`, above 0 up to 1; `seed` chooses which.
    package var share: Double
    package var giant: ByteSize
    package var seed: UInt64
    /// The same once more by `zcat | psql`.
    package var provesWithPsql: Bool
    /// Leaves the scratch server's data when the proof fails.
    package var keepsScratch: Bool
    package var now: @Sendable () -> Instant

    package init(
        place: ScratchPlace, programFolder: String? = nil, jobs: Int = 2, stallLimit: Duration? = nil, tables: [String] = [],
        share: Double = 1, giant: ByteSize = ByteSize(1 << 30), seed: UInt64 = 0, provesWithPsql: Bool = false, keepsScratch: Bool = false,
        now: @escaping @Sendable () -> Instant
    ) {
        self.place = place
        self.programFolder = programFolder
        self.jobs = jobs
        self.stallLimit = stallLimit
        self.tables = tables
        self.share = share
        self.giant = giant
        self.seed = seed
        self.provesWithPsql = provesWithPsql
        self.keepsScratch = keepsScratch
        self.now = now
    }
}

extension ProofSettings {
    /// Nil: giants are restored whole.
    var sample: SegmentSample? {
        share < 1 ? SegmentSample(share: share, largerThan: giant.bytes, seed: seed) : nil
    }
}
