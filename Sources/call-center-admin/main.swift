import BackupService

await Program.launch(CommandLine.arguments)
