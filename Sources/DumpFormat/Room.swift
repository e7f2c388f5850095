// Room DumpFormat.
