package import BackupModel

/// Where and how scratch servers run.
package struct ScratchPlace: Sendable {
    /// The folder in which each scratch server makes a private folder of its own (`BACKUP_SCRATCH_DIR`); an absolute path.
    package var folder: String
    /// The account that servers run as when we are root. Never that of a production server: a scratch server runs SQL out of files.
    package var user: String
    /// What one server may use; page cache is not counted.
    package var memory: ByteSize
    /// `PATH`, where server programs are looked for last.
    package var path: String?

    package init(
        folder: String = "/var/tmp", user: String = "nobody", memory: ByteSize = ByteSize(1 << 30), path: String? = nil
    ) {
        self.folder = folder
        self.user = user
        self.memory = memory
        self.path = path
    }
}
