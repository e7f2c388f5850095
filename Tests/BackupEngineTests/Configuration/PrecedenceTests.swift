import BackupModel
import Testing

@testable import BackupEngine

@Suite("Precedence of settings")
struct PrecedenceTests {
    @Test("Without any settings the defaults hold")
    func defaults() async throws {
        try await withMachine { machine in
            let configuration = try await machine.load()
            #expect(configuration.databases == ["call_center"])
            #expect(configuration.backupFolder == "/backups")
            #expect(configuration.stateFolder == "/backups/.state")
            #expect(configuration.jobs == 4)
            #expect(configuration.format == .gzippedSQL)
            #expect(configuration.verification.policy == .automatic)
            #expect(configuration.rateLimit == nil)
            #expect(configuration.memoryLimit == ByteSize(134_217_728))
            #expect(configuration.lockTimeout == .seconds(300))
            #expect(configuration.warnings.isEmpty)
            #expect(configuration.settings.allSatisfy { $0.source == .standard })
        }
    }

    @Test("YAML is weaker than .env, that than the environment, that than flags")
    func layers() async throws {
        try await withMachine(environment: ["BACKUP_CONFIG": "backup.yaml"]) { machine in
            var machine = machine
            func jobs(flags: [String: FlagValue] = [:]) async throws -> (Int, SettingSource?) {
                let configuration = try await machine.load(flags: flags)
                return (configuration.jobs, configuration.settings.first { $0.setting.name == "BACKUP_JOBS" }?.source)
            }
            try await machine.write("backup.yaml", "backup:\n  jobs: 2\n")
            #expect(try await jobs() == (2, .file(machine.folder + "/backup.yaml")))
            try await machine.write(".env", "BACKUP_JOBS=3\n")
            #expect(try await jobs() == (3, .file(machine.folder + "/.env")))
            machine.environment["BACKUP_JOBS"] = "5"
            #expect(try await jobs() == (5, .environment))
            #expect(try await jobs(flags: ["BACKUP_JOBS": FlagValue("--jobs", "6")]) == (6, .flag("--jobs")))
        }
    }

    @Test("An empty value counts as not set")
    func empty() async throws {
        try await withMachine(environment: ["BACKUP_JOBS": "", "BACKUP_RATE_LIMIT": ""]) { machine in
            try await machine.write(".env", "BACKUP_JOBS=3\n")
            let configuration = try await machine.load()
            #expect(configuration.jobs == 3)
            #expect(configuration.rateLimit == nil)
        }
    }

    @Test("The .env file is found by its variable, and the YAML file by a line in it")
    func named() async throws {
        try await withMachine(environment: ["BACKUP_ENV_FILE": "service.env"]) { machine in
            try await machine.write(".env", "BACKUP_JOBS=2\n")
            try await machine.write("service.env", "BACKUP_CONFIG=service.yaml\n")
            try await machine.write("service.yaml", "backup:\n  rate_limit: 50MB/s\ndatabase:\n  names: [call_center, billing]\n")
            let configuration = try await machine.load()
            #expect(configuration.jobs == 4)
            #expect(configuration.rateLimit == ByteRate(bytesPerSecond: 50_000_000))
            #expect(configuration.databases == ["call_center", "billing"])
        }
    }

    @Test("Paths are made absolute")
    func paths() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "dumps", "BACKUP_STATE_DIR": "~/state", "PG_BIN_DIR": "./pg/bin"]) { machine in
            let configuration = try await machine.load()
            #expect(configuration.backupFolder == machine.folder + "/dumps")
            #expect(configuration.stateFolder == "/home/dba/state")
            #expect(configuration.programFolder == machine.folder + "/pg/bin")
        }
    }

    @Test(
        "Values in .env files mean what Docker Compose takes them for",
        arguments: [
            ("a b", "a b"), ("\"a b\"", "a b"), ("'a # b'", "a # b"), ("a # comment", "a"), ("a#b", "a#b"), ("", ""), ("\"open", "\"open"),
        ]
    )
    func environmentFileValues(text: String, value: String) {
        #expect(EnvironmentFileValue.plain(text) == value)
    }
}
