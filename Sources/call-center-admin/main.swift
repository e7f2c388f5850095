import AdminCommands

await CallCenterAdmin.launch()
