import AdminCommands

await CallCenterAdmin.launch(["db", "backup", "--follow"])
