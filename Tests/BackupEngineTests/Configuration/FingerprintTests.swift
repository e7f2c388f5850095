import BackupModel
import Testing

@testable import BackupEngine

@Suite("The fingerprint of settings")
struct FingerprintTests {
    private func fingerprint(_ environment: [String: String], _ file: String = "") async throws -> ServiceFingerprint? {
        var found: ServiceFingerprint?
        try await withMachine(environment: environment.merging(["BACKUP_DIR": "/backups"]) { $1 }) { machine in
            if !file.isEmpty { try await machine.write(".env", file) }
            found = try await machine.load().fingerprint(Secret("a key"))
        }
        return found
    }

    @Test("It is the same wherever they come from, and whatever is for the doctor alone")
    func same() async throws {
        let one = try #require(try await fingerprint(["PGPASSWORD": "s3cret", "BACKUP_JOBS": "2"]))
        #expect(try await fingerprint(["PGPASSWORD": "s3cret", "BACKUP_MANAGED_BY": "bare"], "BACKUP_JOBS=2\n")?.settings == one.settings)
        let others = ["BACKUP_PROMETHEUS_URL": "none", "OTHER": "1", "BACKUP_JOBS": "2"]
        #expect(try await fingerprint(others, "PGPASSWORD=s3cret\n")?.settings == one.settings)
    }

    @Test("What stands in a file is told apart from the environment, which goes before it, and from what is for the doctor alone")
    func files() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "/backups"]) { machine in
            var elsewhere = machine
            elsewhere.environment.merge(["BACKUP_JOBS": "8", "PGHOST": "localhost"]) { $1 }
            try await machine.write(".env", "BACKUP_JOBS=2\nPGHOST=db\n")
            let (one, other) = (try await fingerprint(machine), try await fingerprint(elsewhere))
            #expect(one.settings != other.settings && !one.differs(inFilesOf: other))
            try await machine.write(".env", "BACKUP_JOBS=2\nPGHOST=db\nBACKUP_MANAGED_BY=bare\n")
            let managed = try await fingerprint(machine)
            #expect(!managed.differs(inFilesOf: one))
            try await machine.write(".env", "BACKUP_JOBS=3\nPGHOST=db\n")
            let changed = try await fingerprint(elsewhere)
            #expect(changed.differs(inFilesOf: one))
        }
    }

    @Test("A file of YAML is one, too")
    func yaml() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "/backups", "BACKUP_CONFIG": "b.yaml"]) { machine in
            try await machine.write("b.yaml", "backup:\n  jobs: \"2\"\n")
            let one = try await fingerprint(machine)
            try await machine.write("b.yaml", "backup:\n  jobs: \"3\"\n")
            let other = try await fingerprint(machine)
            #expect(one.differs(inFilesOf: other))
        }
    }

    private func fingerprint(_ machine: Machine) async throws -> ServiceFingerprint {
        try await machine.load().fingerprint(Secret("a key"))
    }

    @Test("A password that was changed changes it, as does one that was taken away")
    func secrets() async throws {
        let one = try await fingerprint(["PGPASSWORD": "s3cret"])
        #expect(try await fingerprint(["PGPASSWORD": "s3crets"]) != one)
        #expect(try await fingerprint([:]) != one)
    }
}
