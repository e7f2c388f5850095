package import ArgumentParser
import BackupModel

/// Everything the system does, as `call-center-admin NOUN VERB`.
package struct CallCenterAdmin: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "call-center-admin",
        abstract: "Back up PostgreSQL, check the backups, restore them.",
        discussion: """
            Settings come from flags, the environment, a .env file and a YAML file, in that order; see `call-center-admin config show`.

            \(HelpText.exitStatuses)
            """,
        version: Tool.description,
        subcommands: [
            DatabaseCommand.self, StorageCommand.self, CatalogCommand.self, KeyCommand.self, AlertCommand.self, ConfigCommand.self,
            DoctorCommand.self, GenerateReference.self,
        ]
    )

    package init() {}
}
