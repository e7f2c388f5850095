import BackupService

await Program(calledAs: CommandLine.arguments.first).launch()
