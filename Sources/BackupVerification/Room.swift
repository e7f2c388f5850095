// Room BackupVerification.
