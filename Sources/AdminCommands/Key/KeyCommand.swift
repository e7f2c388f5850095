import ArgumentParser

/// `key`: what backups are encrypted and opened with.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make keys for encrypted backups, and check that backups can be opened.",
        subcommands: [KeyGenerate.self, KeyCheckCommand.self, KeyDecrypt.self]
    )
}
