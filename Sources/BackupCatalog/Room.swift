// Room BackupCatalog.
