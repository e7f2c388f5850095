// Room BackupEngine.
