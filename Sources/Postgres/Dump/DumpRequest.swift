package import DumpFormat

/// What is to be dumped and within which bounds.
package struct DumpRequest: Sendable {
    /// The server, role and database.
    package var target: ConnectionTarget
    /// Connections that read rows at the same time.
    package var jobs: Int
    package var container: Container
    /// Bytes of compressed rows that may wait for their turn in the file.
    package var bufferLimit: Int
    /// How long to wait for a table somebody else has locked.
    package var lockTimeout: Duration
    /// How long a stream of rows may stand still.
    package var stallLimit: Duration
    /// A folder to look for pg_dump in before the usual ones.
    package var programFolder: String?
    /// The `PATH` to look for pg_dump in last.
    package var searchPath: String?
    /// The index of the dump before this one; its tables' steps are kept, so that the same range is the same segment again.
    package var previous: DumpIndex?
    /// The dump whose segments are taken over where nothing has changed; nil: everything is read.
    package var reuse: ReuseSource?
    /// The key that the earlier dump, whose index is known, is stored under in stores that may share its bytes: where it lies in them as it was written, and
    /// in the same container. Nil: nothing is known of such a file.
    package var precedent: String?
    /// COPY text a segment aims at, at least.
    var segmentBytes = DumpPlan.segmentBytes
    /// Name and version of the program, for the index.
    package var tool: String
    /// The present instant in UTC, ISO 8601.
    package var timestamp: @Sendable () -> String
    /// Awaited when everything is ready for the snapshot, which is then taken at once: whoever saves another store at the same moment waits here.
    package var beforeSnapshot: @Sendable () async throws -> Void = {}

    package init(
        target: ConnectionTarget, jobs: Int, container: Container = .gzip, bufferLimit: Int = 48 << 20,
        lockTimeout: Duration = .seconds(300), stallLimit: Duration = .seconds(900), programFolder: String? = nil,
        searchPath: String? = nil, previous: DumpIndex? = nil, reuse: ReuseSource? = nil, tool: String,
        timestamp: @escaping @Sendable () -> String
    ) {
        self.target = target
        self.jobs = jobs
        self.container = container
        self.bufferLimit = bufferLimit
        self.lockTimeout = lockTimeout
        self.stallLimit = stallLimit
        self.programFolder = programFolder
        self.searchPath = searchPath
        self.previous = previous
        self.reuse = reuse
        self.tool = tool
        self.timestamp = timestamp
    }
}
