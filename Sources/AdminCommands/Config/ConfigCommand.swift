import ArgumentParser

/// `config`: the settings.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show and check the settings.", subcommands: [ConfigShow.self, ConfigCheck.self]
    )
}
