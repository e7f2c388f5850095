import AdminCommands

await CallCenterAdmin.launch(["db", "verify-backup"])
