import ArgumentParser

/// `alert`: whoever is called when something is wrong.
struct AlertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert", abstract: "Try whether alerts arrive.", subcommands: [AlertTestCommand.self])
}
