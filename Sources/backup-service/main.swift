import BackupService

await ServiceCommand.launch()
