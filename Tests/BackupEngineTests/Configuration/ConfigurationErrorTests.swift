import BackupModel
import Testing

@testable import BackupEngine

@Suite("Errors of settings")
struct ConfigurationErrorTests {
    @Test(
        "Each names its key, its value, its source and what it has to be",
        arguments: [
            ("BACKUP_JOBS", "many", "a whole number from 1 to 64"), ("BACKUP_JOBS", "0", "a whole number from 1 to 64"),
            ("BACKUP_FORMAT", "zip", "one of sql.gz, sql.zst, custom"),
            ("BACKUP_RATE_LIMIT", "fast", "a rate with its unit, such as 50MB/s"),
            ("BACKUP_RATE_LIMIT", "50", "a rate with its unit, such as 50MB/s"),
            ("BACKUP_RATE_LIMIT", "0", "a rate with its unit, such as 50MB/s"),
            ("BACKUP_MEMORY_LIMIT", "lots", "a size with its unit, such as 128MiB"),
            ("BACKUP_MEMORY_LIMIT", "128", "a size with its unit, such as 128MiB"),
            ("BACKUP_LOCK_TIMEOUT", "soon", "a duration with its unit, such as 30s, 5min or 2h"),
            ("BACKUP_VERIFY_LEVEL", "yes", "one of auto, restore, content, quick, none"),
        ]
    )
    func invalid(name: String, value: String, form: String) async throws {
        try await withMachine(environment: [name: value]) { machine in
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(error.code == .invalidConfiguration)
            #expect(error.code.exitStatus == .usage)
            #expect(error.message == "\(name) is “\(value)” in the environment; it has to be \(form)")
        }
    }

    @Test("No duration is taken without its unit, whichever setting it is of", arguments: durations)
    func unitless(name: String) async throws {
        try await withMachine(environment: [name: "5"]) { machine in
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(error.message == "\(name) is “5” in the environment; it has to be a duration with its unit, such as 30s, 5min or 2h")
        }
    }

    private static let durations = Setting.all.filter { if case .duration = $0.form { true } else { false } }.map(\.name)

    @Test("All that is wrong is said at once, each with its source")
    func several() async throws {
        try await withMachine(environment: ["BACKUP_FORMAT": "zip", "BACKUP_CONFIG": "backup.yaml", "DATABASE_URL": "mysql://s3cret"]) {
            machine in
            try await machine.write(".env", "BACKUP_RATE_LIMIT=50\n")
            try await machine.write("backup.yaml", "backup:\n  lock_timeout: [1, 2]\n")
            let flags = ["BACKUP_JOBS": FlagValue("--jobs", "99")]
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load(flags: flags) }
            #expect(error.code == .invalidConfiguration)
            let lines = [error.message] + error.others
            let beginnings = [
                "DATABASE_URL in the environment cannot be used: ", "BACKUP_JOBS is “99” (from --jobs); ",
                "BACKUP_FORMAT is “zip” in the environment; ", "BACKUP_RATE_LIMIT is “50” in \(machine.folder)/.env:1; ",
                "backup.lock_timeout in \(machine.folder)/backup.yaml is not a single value; ",
            ]
            #expect(lines.count == beginnings.count)
            for (line, beginning) in zip(lines, beginnings) { #expect(line.hasPrefix(beginning)) }
            #expect(!lines.joined().contains("s3cret"))
        }
    }

    @Test("Lines of .env that mean nothing are pointed out by their number, and their text is not repeated")
    func faultyLines() async throws {
        try await withMachine { machine in
            let lines = [
                "# comment", "BACKUP_JOBS 4", "", "  export BACKUP_JOBS=2", "MY KEY=s3cret", "=s3cret", "1ST=s3cret",
                "PGPASSWORD=\"s3cret", "PGUSER='me' # him", "justs3cret",
            ]
            try await machine.write(".env", lines.joined(separator: "\n") + "\n")
            let configuration = try await machine.load()
            let name = "before the = there is no name of letters, digits and underscores"
            let file = "of \(machine.folder)/.env"
            #expect(
                configuration.warnings == [
                    "line 2 \(file) is left out: it is not of the form NAME=value", "line 5 \(file) is left out: \(name)",
                    "line 6 \(file) is left out: \(name)", "line 7 \(file) is left out: \(name)",
                    "line 8 \(file) opens a quote that it does not close; the quote is taken for a part of the value",
                    "line 10 \(file) is left out: it is not of the form NAME=value",
                ])
            #expect(configuration.jobs == 2)
        }
    }

    @Test("The source is named")
    func sources() async throws {
        try await withMachine { machine in
            try await machine.write(".env", "# How many at once.\nexport BACKUP_JOBS=x\n")
            let fromFile = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(fromFile.message.hasPrefix("BACKUP_JOBS is “x” in \(machine.folder)/.env:2; "))
            let flags = ["BACKUP_JOBS": FlagValue("--jobs", "99")]
            let fromFlag = try await #require(throws: BackupError.self) { _ = try await machine.load(flags: flags) }
            #expect(fromFlag.message.hasPrefix("BACKUP_JOBS is “99” (from --jobs); "))
        }
    }

    @Test("Files that were named must be there", arguments: ["BACKUP_ENV_FILE", "BACKUP_CONFIG"])
    func missingFiles(name: String) async throws {
        try await withMachine(environment: [name: "/nonexistent/settings"]) { machine in
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message == "cannot read /nonexistent/settings, the file of \(name): there is no such file")
        }
    }

    @Test("A .env file from Windows is refused before its lines run into one another")
    func windowsLineEndings() async throws {
        try await withMachine { machine in
            try await machine.write(".env", "BACKUP_DIR=/a\r\nBACKUP_STATE_DIR=/b\r\n")
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(error.message == "\(machine.folder)/.env has the line endings of Windows")
            #expect(error.hint == "Convert it: sed -i 's/\\r$//' \(machine.folder)/.env")
        }
    }

    @Test("A broken YAML file is not quoted: it may hold a password")
    func brokenYAML() async throws {
        try await withMachine(environment: ["BACKUP_CONFIG": "backup.yaml"]) { machine in
            try await machine.write("backup.yaml", "postgres:\n  password: \"s3cret\n")
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(error.code == .invalidConfiguration)
            #expect(!"\(error)".contains("s3cret"))
        }
    }

    @Test("Unknown keys in files are pointed out, with a guess")
    func unknownKeys() async throws {
        try await withMachine(environment: ["BACKUP_CONFIG": "backup.yaml", "BACKUP_UNRELATED": "1"]) { machine in
            try await machine.write(".env", "export BACKUP_DRI=/x\nBACKUP_XYZZY_PLUGH=b\nOTHER=1\n# BACKUP_COMMENT=1\n")
            try await machine.write("backup.yaml", "backup:\n  job: 2\n")
            let warnings = try await machine.load().warnings
            #expect(
                warnings == [
                    "BACKUP_DRI in \(machine.folder)/.env:1 is not a setting of this version; did you mean BACKUP_DIR?",
                    "BACKUP_XYZZY_PLUGH in \(machine.folder)/.env:2 is not a setting of this version",
                    "backup.job in \(machine.folder)/backup.yaml:2 is not a setting of this version; did you mean backup.jobs?",
                ]
            )
        }
    }

    @Test("In the environment, which others use too, only what is nearly a setting is pointed out")
    func misspeltEnvironment() async throws {
        try await withMachine(environment: ["BACKUP_DRI": "/x", "BACKUP_XYZZY_PLUGH": "b", "PATH": "/bin"]) { machine in
            let warnings = try await machine.load().warnings
            #expect(warnings == ["BACKUP_DRI in the environment is not a setting; did you mean BACKUP_DIR?"])
        }
    }

    @Test("Defaults that depend on the machine are shown as they turned out")
    func computedDefaults() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "/b"]) { machine in
            let shown = try await machine.load().settings.filter { ["BACKUP_JOBS", "BACKUP_STATE_DIR"].contains($0.setting.name) }
            #expect(shown.map(\.shown) == ["/b/.state", "4"])
            #expect(shown.allSatisfy { $0.source == .standard })
        }
    }

    @Test("Secrets are shown to nobody")
    func secrets() async throws {
        try await withMachine(environment: ["PGPASSWORD": "s3cret", "DATABASE_URL": "postgres://u:s3cret@h/d"]) { machine in
            let configuration = try await machine.load()
            let shown = configuration.settings.map { "\($0.setting.name)=\($0.shown ?? "")" }
            #expect(shown.contains("PGPASSWORD=••••"))
            #expect(!shown.joined().contains("s3cret"))
            #expect(!"\(configuration.source)".contains("s3cret"))
        }
    }

    @Test("Guesses are near", arguments: [("BACKUP_JOB", "BACKUP_JOBS"), ("BACKUP_FROMAT", "BACKUP_FORMAT"), ("PGHSOT", "PGHOST")])
    func guesses(word: String, meant: String) {
        #expect(Suggestion.nearest(to: word, among: Setting.byName.keys) == meant)
    }

    @Test("Names and YAML keys are unique")
    func unique() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        #expect(Set(Setting.all.map(\.yamlKey)).count == Setting.all.count)
    }
}
