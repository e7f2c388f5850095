package import BackupModel
package import Postgres

/// What one restore is asked for.
package struct RestoreRequest: Sendable {
    /// Where the database of a backup is to be found afterwards.
    package enum Place: Sendable, Equatable {
        /// Under a name of its own, beside what is there: `<database>_restored_<id>`.
        case beside
        /// Under this name; the database must not exist, or be empty.
        case into(String)
        /// In the place of the database it was taken from, which is kept as `<database>_before_<id>`. Who is connected there stops the
        /// restore, or is disconnected.
        case inPlace(terminatesSessions: Bool)
    }

    package var file: StoredFile
    /// What its manifest says it is, to be held against it first; nil for a file no manifest is known of.
    package var record: FileRecord?
    /// The recovery point it belongs to; nil for a lone file, which is then named by the moment of the restore.
    package var id: RecoveryPointID?
    /// What is known of a file that does not say it itself: foreign dumps.
    package var origin: DumpOrigin
    /// The database's name where nothing says it.
    package var fallbackDatabase: String
    /// The server and role; its database does not matter.
    package var server: ConnectionTarget
    package var place: Place
    package var options: RestoreOptions
    package var programFolder: String?
    /// Where a copy is made of a far file that pg_restore has to read itself.
    package var copyFolder: String

    package init(
        file: StoredFile, record: FileRecord? = nil, id: RecoveryPointID? = nil, origin: DumpOrigin = DumpOrigin(),
        fallbackDatabase: String, server: ConnectionTarget, place: Place = .beside,
        options: RestoreOptions, programFolder: String? = nil, copyFolder: String = "/var/tmp"
    ) {
        self.file = file
        self.record = record
        self.id = id
        self.origin = origin
        self.fallbackDatabase = fallbackDatabase
        self.server = server
        self.place = place
        self.options = options
        self.programFolder = programFolder
        self.copyFolder = copyFolder
    }
}
