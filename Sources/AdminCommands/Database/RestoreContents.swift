import ArgumentParser
import BackupEngine
import Postgres

/// What of a backup comes back, and how: the options that pg_restore has too.
struct RestoreContents: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Only this table, plain or schema-qualified; may be repeated.", valueName: "table"))
    var table: [String] = []

    @Option(help: ArgumentHelp("Connections that load rows and build indexes at the same time.", valueName: "n"))
    var jobs: String?

    @Flag(help: "Everything belongs to the role that restores.")
    var noOwner = false

    @Flag(help: "No GRANT and no REVOKE.")
    var noPrivileges = false

    @Flag(help: "Everything goes to the database's default tablespace.")
    var noTablespaces = false

    @Option(help: ArgumentHelp("SET ROLE to this before anything is made.", valueName: "name"))
    var role: String?

    @Flag(help: "Read every row back from the server and compare the digests, which dumps of pg_dump have not. --replace does so anyway.")
    var readBack = false

    /// None of the options is used; the number of connections concerns nobody else.
    var isUntouched: Bool {
        table.isEmpty && !noOwner && !noPrivileges && !noTablespaces && role == nil && !readBack
    }

    var ownership: RestoreOptions.Ownership {
        RestoreOptions.Ownership(skipsOwners: noOwner, skipsPrivileges: noPrivileges, skipsTablespaces: noTablespaces, role: role)
    }

    var flags: [String: FlagValue] { jobs.map { ["BACKUP_JOBS": FlagValue("--jobs", $0)] } ?? [:] }
}
