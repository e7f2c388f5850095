import ArgumentParser

/// `storage`: the places backups are kept in.
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Look at the places backups are kept in.",
        subcommands: [StorageCheckCommand.self]
    )
}
