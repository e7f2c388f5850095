import BackupModel
import Testing

@testable import BackupEngine

@Suite("Check of the configuration")
struct ConfigurationCheckTests {
    @Test("Each trouble is found, one does not hide the next, and nothing is left behind")
    func troubles() async throws {
        let environment = [
            "BACKUP_DIR": "/proc/backups", "BACKUP_STATE_DIR": "state", "DATABASE_URL": "postgres://u:s3cret@127.0.0.1:1/orders",
        ]
        try await withMachine(environment: environment) { machine in
            let findings = await ConfigurationCheck(configuration: try await machine.load()).run()
            #expect(findings.map(\.name) == ["BACKUP_DIR", "BACKUP_STATE_DIR", "database orders", "pg_dump"])
            #expect(findings.map { $0.failure?.code } == [.storeFailed, nil, .sourceUnreachable, .sourceUnreachable])
            #expect(findings[1].message == "\(machine.folder)/state can be written")
            #expect(!findings.map { "\($0)" }.joined().contains("s3cret"))
        }
    }
}
