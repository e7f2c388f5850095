import FoundationEssentials

/// The manual page of a program whose commands are in another room.
package enum ProgramManual {
    /// - Parameter help: the program as ArgumentParser describes it (`--experimental-dump-help`).
    package static func page(_ help: String) throws -> String {
        let command = try JSONDecoder().decode(CommandTree.self, from: Data(help.utf8)).command
        return ManualPage(command: command, name: command.commandName).text
    }
}
