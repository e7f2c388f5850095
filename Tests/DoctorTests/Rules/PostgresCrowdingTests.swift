import BackupReports
import Testing

@testable import Doctor

@Suite("Connections of PostgreSQL that are used up")
struct PostgresCrowdingTests {
    private func finding(_ message: String, ofDatabase: Bool = false) throws -> Diagnosis {
        var facts = Healthy.examination
        let trouble = Trouble(.crowded, "cannot connect to localhost:5432: FATAL: \(message)")
        if ofDatabase {
            facts.postgres?.databases[0].contents = .troubled(trouble)
        } else {
            facts.postgres?.server = .troubled(trouble)
        }
        let first = try #require(Diagnose()(facts).first)
        #expect(first.code == .postgresCrowded)
        // Nobody's session is ended unasked.
        #expect(!first.remedy.commands.contains { $0.contains("terminate") })
        return first
    }

    @Test(
        "The role's own limit is lifted by ALTER ROLE",
        arguments: ["too many connections for role", "слишком много подключений для роли"])
    func role(words: String) throws {
        let found = try finding("\(words) \"backup\"")
        #expect(found.cause.english == "the role backup has used up its own limit of connections")
        #expect(found.remedy.commands.first?.contains("ALTER ROLE") == true)
        #expect(found.remedy.commands.first?.contains("CONNECTION LIMIT -1") == true)
    }

    @Test("A database's own limit is lifted by ALTER DATABASE", arguments: [true, false])
    func database(isKnown: Bool) throws {
        let found = try finding("too many connections for database \"call_center\"", ofDatabase: isKnown)
        #expect(found.cause.english.hasPrefix("the database "))
        #expect(found.remedy.commands.first?.contains("ALTER DATABASE") == true)
        #expect(found.remedy.commands.first?.contains("call_center") == true)
    }

    @Test(
        "Where max_connections is reached one looks who holds them",
        arguments: ["sorry, too many clients already", "remaining connection slots are reserved for roles with the SUPERUSER attribute"])
    func server(message: String) throws {
        let found = try finding(message)
        #expect(found.cause.english == "all connections of PostgreSQL are taken")
        #expect(found.remedy.commands.first?.contains("pg_stat_activity") == true)
        #expect(!found.remedy.commands.contains { $0.contains("ALTER") })
        let ends = try #require(found.remedy.alternatives.first)
        #expect(ends.condition.english.hasPrefix("nobody needs") && ends.commands.count == 1)
        // Not those at work, nothing of the server's own, and not what holds a backup's locks.
        let idle = "WHERE state = 'idle' AND backend_type = 'client backend' AND application_name NOT LIKE 'call-center-backup%'"
        #expect(ends.commands.first?.contains(idle) == true, "\(ends)")
    }

    @Test("Where they are nearly used up it is the same")
    func nearly() throws {
        var facts = Healthy.examination
        facts.change(server: { $0.connections = 95 })
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .connectionsNearLimit)
        #expect(finding.remedy.alternatives.first?.commands.first?.contains("pg_terminate_backend") == true)
    }

    @Test("A server that does not come to the end of its shutdown is started anew by whoever knows the sessions that hold it")
    func shuttingDown() throws {
        var facts = Healthy.examination
        facts.postgres?.server = .troubled(Trouble(.notReady, "FATAL: the database system is shutting down"))
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .postgresNotReady && !finding.remedy.commands.contains { $0.contains("restart") })
        #expect(finding.remedy.alternatives.first?.commands.first == "systemctl restart postgresql")
    }
}
