package import BackupModel
package import DumpFormat

/// A dump of the same database from before, whose segments stand in the next one where nothing has changed.
package struct ReuseSource: Sendable {
    /// Its file, for messages.
    package let name: String
    package let reader: DumpReader
    /// Rows that were read before this instant are read again, whatever the server says of them.
    package let readSince: Instant

    package init(name: String, reader: DumpReader, readSince: Instant) {
        self.name = name
        self.reader = reader
        self.readSince = readSince
    }
}
