import ArgumentParser

/// `db`: backups of databases.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db",
        abstract: "Back up, list, check and restore databases.",
        subcommands: [
            DatabaseBackup.self, DatabaseList.self, DatabaseShow.self, DatabaseVerifyBackup.self, DatabaseReverify.self,
            DatabaseAccept.self, DatabasePin.self, DatabaseUnpin.self, DatabasePrune.self,
            DatabaseSync.self,
            DatabaseRestore.self, DatabaseExport.self,
        ]
    )
}
