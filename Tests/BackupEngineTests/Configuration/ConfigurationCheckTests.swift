import BackupModel
import BackupTestKit
import Doctor
import Testing

@testable import BackupEngine

@Suite("Check of the configuration")
struct ConfigurationCheckTests {
    @Test("Each trouble is found, one does not hide the next, and nothing is left behind")
    func troubles() async throws {
        let environment = [
            "BACKUP_DIR": "/dev/null/backups", "BACKUP_STATE_DIR": "state", "DATABASE_URL": "postgres://u:s3cret@127.0.0.1:1/orders",
        ]
        try await withMachine(environment: environment) { machine in
            let findings = await ConfigurationCheck(configuration: try await machine.load(), context: machine.context).run()
            #expect(findings.map(\.name) == ["BACKUP_DIR", "BACKUP_STATE_DIR", "database orders", "pg_dump", "proof", "alerts"])
            #expect(findings.map { $0.failure?.code } == [.storeFailed, nil, .sourceUnreachable, nil, nil, nil])
            #expect(findings[1].message == "\(machine.folder)/state is not there; the first backup makes it in \(machine.folder)")
            #expect(findings.last?.message == "no channel of alerts is configured, so nobody is told when a backup fails")
            guard case .doubtful = findings.last?.outcome else { return #expect(Bool(false), "\(findings)") }
            #expect(try await Command("ls", ["-A", machine.folder]).output() == "")
            #expect(!findings.map { "\($0)" }.joined().contains("s3cret"))
        }
    }

    @Test("A folder that is mistyped is doubtful and stays away; one that is there is tried and left as it was")
    func folders() async throws {
        try await withMachine(environment: ["BACKUP_DIR": "backpus/deep", "DATABASE_URL": "postgres://127.0.0.1:1/orders"]) { machine in
            func folder() async throws -> ConfigurationCheck.Finding {
                try #require(await ConfigurationCheck(configuration: try await machine.load(), context: machine.context).run().first)
            }
            let missing = try await folder()
            #expect(missing.message == "\(machine.folder)/backpus/deep is not there; the first backup makes it in \(machine.folder)")
            guard case .doubtful(let hint) = missing.outcome else { throw BackupError(.failed, "\(missing) is not doubtful") }
            #expect(hint.contains("mistyped"))
            #expect(try await Command("ls", ["-A", machine.folder]).output() == "")
            try await Command("mkdir", ["-p", machine.folder + "/backpus/deep"]).output()
            let there = try await folder()
            #expect(there.message.hasPrefix("\(machine.folder)/backpus/deep can be written, "))
            #expect(try await Command("ls", ["-A", machine.folder + "/backpus/deep"]).output() == "")
        }
    }

    @Test("Authorities that mail is to be sent by, and that cannot be read, fail; a server of this machine needs none")
    func authorities() async throws {
        for (url, isGood) in [("smtps://mail.example.org", false), ("smtp://mail.example.org", false), ("smtp://localhost", true)] {
            let environment = [
                "DATABASE_URL": "postgres://127.0.0.1:1/orders", "BACKUP_SMTP_URL": url, "BACKUP_SMTP_CA": "/no/such.pem",
                "BACKUP_SMTP_FROM": "a@example.org", "BACKUP_SMTP_TO": "b@example.org",
            ]
            try await withMachine(environment: environment) { machine in
                let configuration = try await machine.load()
                let findings = await ConfigurationCheck(configuration: configuration, context: machine.context).run()
                let failure = try #require(findings.first { $0.name == "alerts" }).failure
                #expect((failure == nil) == isGood && failure?.message.contains("/no/such.pem") != false)
                let seen = ConfigurationLook(configuration: configuration, context: machine.context).condition.mailFailure
                #expect((seen == nil) == isGood)
            }
        }
    }

    @Test("Folders that could not be made fail, whatever the rights above them say")
    func unmade() async throws {
        let environment = [
            "BACKUP_DIR": "/proc/x", "BACKUP_STATE_DIR": "/proc/nope", "DATABASE_URL": "postgres://127.0.0.1:1/orders",
        ]
        try await withMachine(environment: environment) { machine in
            let findings = await ConfigurationCheck(configuration: try await machine.load(), context: machine.context).run()
            let failed = findings.filter { ["BACKUP_DIR", "BACKUP_STATE_DIR"].contains($0.name) }.map { $0.failure?.code }
            #expect(failed == [.storeFailed, .storeFailed])
        }
    }

    @Test("A bucket's own limit under which a part takes longer than stores are waited for is doubtful", arguments: ["100KiB/s", "1MiB/s"])
    func rates(limit: String) async throws {
        let environment = [
            "DATABASE_URL": "postgres://127.0.0.1:1/orders", "BACKUP_S3_BUCKET": "backups", "BACKUP_S3_RATE_LIMIT": limit,
            "BACKUP_STORE_LAG_LIMIT": "30s",
        ]
        try await withMachine(environment: environment) { machine in
            let found = ConfigurationCheck(configuration: try await machine.load(), context: machine.context).rates
            #expect(found.map(\.name) == (limit == "100KiB/s" ? ["BACKUP_S3_RATE_LIMIT"] : []))
            for finding in found {
                guard case .doubtful(let hint) = finding.outcome else { throw BackupError(.failed, "\(finding) is not doubtful") }
                #expect(finding.message.contains("30 s of BACKUP_STORE_LAG_LIMIT") && hint.contains("raise BACKUP_S3_RATE_LIMIT above"))
            }
        }
    }

    @Test("The certificate for HTTPS is tried as the service will try it: that it can be read, and fits its key")
    func certificate() async throws {
        let environment = [
            "DATABASE_URL": "postgres://127.0.0.1:1/orders", "BACKUP_HTTP_TLS_CERT": "a.pem", "BACKUP_HTTP_TLS_KEY": "a.key",
        ]
        try await withMachine(environment: environment) { machine in
            func finding() async throws -> ConfigurationCheck.Finding {
                let found = await ConfigurationCheck(configuration: try await machine.load(), context: machine.context).run()
                return try #require(found.first { $0.name == "certificate" })
            }
            #expect(try await finding().failure?.message.contains("a.pem is no PEM file that can be read") == true)
            for name in ["a", "b"] { try await Certificates.make("\(machine.folder)/\(name).pem", key: "\(machine.folder)/\(name).key") }
            let whole = try await finding()
            #expect(whole.failure == nil && whole.message.contains("a.pem is valid until"))
            try await Command("mv", ["\(machine.folder)/b.key", "\(machine.folder)/a.key"]).output()
            #expect(try await finding().failure?.message.contains("do not go together") == true)
        }
    }

    @Test("A role that may not read everything is told what it lacks, and how to get it")
    func rights() async throws {
        try requireServer(15)
        try await withDatabase { server, database in
            let role = database + "_role"
            try await server.psql(
                """
                CREATE ROLE "\(role)" LOGIN; CREATE TABLE calls (id serial); CREATE TABLE open (id int); CREATE TABLE own (id int);
                GRANT SELECT ON open, own TO "\(role)"; ALTER TABLE own ENABLE ROW LEVEL SECURITY;
                """, database: database)
            let url = "host=127.0.0.1 port=\(server.port) user=\(role) dbname=\(database)"
            try await withMachine(environment: ["DATABASE_URL": url]) { machine in
                func finding() async throws -> ConfigurationCheck.Finding {
                    let findings = await ConfigurationCheck(configuration: try await machine.load(), context: machine.context).run()
                    return try #require(findings.first { $0.name == "database \(database)" })
                }
                let poor = try #require(try await finding().failure)
                #expect(poor.code == .permissionDenied)
                #expect(poor.message == "the role \(role) may not read 2 of 4 tables and sequences: public.calls, public.calls_id_seq")
                #expect(poor.hint == "As a superuser: GRANT pg_read_all_data TO \"\(role)\";")
                try await server.psql("GRANT pg_read_all_data TO \"\(role)\"", database: database)
                let blind = try #require(try await finding().failure)
                #expect(blind.message == "row-level security hides rows of 1 of 4 tables and sequences: public.own from the role \(role)")
                try await server.psql("ALTER ROLE \"\(role)\" BYPASSRLS", database: database)
                let rich = try await finding()
                #expect(rich.failure == nil)
                #expect(rich.message.hasSuffix("a primary; the role \(role) may read 4 tables and sequences, which is all"))
            }
            try await server.psql("DROP OWNED BY \"\(role)\"; DROP ROLE \"\(role)\"", database: database)
        }
    }

    @Test("A user of Redis whose rights may not be asked is no promise of a copy")
    func hiddenRights() async throws {
        try await withRedis(.redis7) { server in
            try await server.cli("ACL", "SETUSER", "backup", "on", ">pw", "+psync", "+replconf", "+ping", "+info", "+role", "+config|get")
            let settings = ["DATABASE_URL": "postgres://127.0.0.1:1/orders", "REDIS_URL": server.url(login: "backup:pw@")]
            func finding() async throws -> ConfigurationCheck.Finding {
                var found: ConfigurationCheck.Finding?
                try await withMachine(environment: settings) { machine in
                    let findings = await ConfigurationCheck(configuration: try await machine.load(), context: machine.context).run()
                    found = findings.first { $0.name == "Redis" }
                }
                return try #require(found)
            }
            let hidden = try await finding()
            guard case .doubtful(let hint) = hidden.outcome else { throw BackupError(.failed, "\(hidden) is not doubtful") }
            #expect(hidden.message.hasSuffix("whether its user may copy it could not be asked"))
            #expect(hint.contains("+acl|dryrun"))
            try await server.cli("ACL", "SETUSER", "backup", "+acl|whoami", "+acl|dryrun")
            let told = try await finding()
            #expect(told.failure == nil && told.message.contains("may be copied"))
        }
    }
}
