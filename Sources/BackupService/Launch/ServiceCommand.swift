package import ArgumentParser
import BackupEngine
import BackupModel

/// `backup-service`: everything the system does by itself.
package struct ServiceCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "backup-service",
        abstract: "Take backups by a schedule, watch over them, and say how they are.",
        discussion: """
            Runs until it is told to stop by SIGTERM or SIGINT; SIGHUP has the settings read again. They come from the environment, a .env file and a
            YAML file; see `call-center-admin config show`. The log goes to standard error.
            """,
        version: Tool.description)

    @Flag(help: "Check the settings, say when the next backup is due, and end.")
    var check = false

    @Flag(help: "Ask the service that runs on this machine whether it is alive, and end: with status 0 if so, for health checks.")
    var health = false

    @Flag(help: .hidden)
    var printManual = false

    package init() {}
}
