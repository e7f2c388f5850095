package import ScratchServers

/// What a scratch PostgreSQL is to be like.
package struct ScratchPostgresRequest: Sendable {
    /// The major release, as in 15.
    package var major: Int
    package var place: ScratchPlace
    /// A folder to look for the programs in before the usual places (`PG_BIN_DIR`).
    package var programs: String?
    /// How many connections load at once.
    package var jobs: Int
    /// Free space the scratch folder has to have.
    package var bytes: Int64
    /// How many tables a transaction may lock.
    package var tables: Int
    /// Libraries of extensions that have to be loaded with the server.
    package var preload: [String]

    package init(
        major: Int, place: ScratchPlace = ScratchPlace(), programs: String? = nil, jobs: Int = 2, bytes: Int64 = 0, tables: Int = 5000,
        preload: [String] = []
    ) {
        self.major = major
        self.place = place
        self.programs = programs
        self.jobs = jobs
        self.bytes = bytes
        self.tables = tables
        self.preload = preload
    }
}
