import Testing

@testable import BackupEngine

@Suite("What managers say of the programs they start")
struct ManagerLookTests {
    @Test("Docker Compose in both of its forms, a list and an object a line")
    func compose() {
        let containers = [
            #"{"Service":"postgres","State":"exited","Health":"","ExitCode":137,"Name":"call-center-postgres-1"}"#,
            #"{"Service":"redis","State":"running","Health":"healthy","ExitCode":0}"#, #"{"Service":"backup-service","State":"running"}"#,
        ]
        let expected = ["postgres": "exited (137)", "redis": "running (healthy)", "backup-service": "running"]
        #expect(ManagerLook.composed(containers.joined(separator: "\n") + "\n") == expected)
        #expect(ManagerLook.composed("[\(containers.joined(separator: ","))]") == expected)
        #expect(ManagerLook.composed("no configuration file provided: not found").isEmpty)
    }

    @Test("systemd, of the units it knows")
    func systemd() {
        let text = """
            Result=success
            Id=call-center-backup.service
            LoadState=loaded
            ActiveState=active
            SubState=running

            Result=exit-code
            Id=postgresql.service
            LoadState=loaded
            ActiveState=failed
            SubState=failed

            Result=success
            Id=redis-server.service
            LoadState=not-found
            ActiveState=inactive
            SubState=dead
            """
        #expect(ManagerLook.shown(text) == ["call-center-backup": "active (running)", "postgresql": "failed (exit-code)"])
    }
}
