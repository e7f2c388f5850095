import BackupModel
import BackupReports
import Testing

@testable import Doctor

@Suite("The line of pg_hba.conf that lets us in")
struct AdmissionLineTests {
    @Test(
        "Says who was refused, from where and how",
        arguments: [
            (
                #"no pg_hba.conf entry for host "10.0.0.5", user "backup", database "call_center", no encryption"#,
                #"host "call_center" "backup" 10.0.0.5/32 scram-sha-256"#
            ),
            (
                #"pg_hba.conf rejects connection for host "fe80::1%eth0", user "my role", database "all", SSL encryption"#,
                #"hostssl "all" "my role" fe80::1/128 scram-sha-256"#
            ),
            (
                #"no pg_hba.conf entry for host "[local]", user "backup", database "call_center", no encryption"#,
                #"local "call_center" "backup" scram-sha-256"#
            ),
            (
                #"в pg_hba.conf нет записи для компьютера "10.0.0.5", пользователя "backup", базы "x", SSL on"#,
                #"hostssl "x" "backup" 10.0.0.5/32 scram-sha-256"#
            ),
        ])
    func line(_ message: String, _ line: String) {
        #expect(AdmissionLine(message, databases: [])?.text == line)
    }

    private let message = #"no pg_hba.conf entry for host "10.0.0.5", user "backup", database "call_center", no encryption"#

    @Test("Has all databases that are saved")
    func databases() {
        #expect(
            AdmissionLine(message, databases: ["call_center", "crm"])?.text
                == #"host "call_center","crm" "backup" 10.0.0.5/32 scram-sha-256"#)
    }

    @Test("There is none where nobody is named, or a name cannot be written there")
    func none() {
        #expect(AdmissionLine("the role may not log in", databases: []) == nil)
        #expect(AdmissionLine(message, databases: [#"a"b"#]) == nil)
    }

    private func first(_ change: (inout Examination) -> Void) throws -> Diagnosis {
        var facts = Healthy.examination
        facts.postgres?.server = .troubled(Trouble(.accessRules, message))
        change(&facts)
        return try #require(Diagnose()(facts).first)
    }

    @Test("It is put before all others by whoever means to let us in, into the file that the server names")
    func insertion() throws {
        let finding = try first { _ in }
        #expect(finding.code == .postgresAccessRules && finding.remedy.words.english.hasSuffix(#"10.0.0.5/32 scram-sha-256"#))
        let commands = try #require(finding.remedy.alternatives.first).commands
        #expect(
            commands.first
                == #"sed -i.before '1i host "call_center" "backup" 10.0.0.5/32 scram-sha-256' "$(psql -h localhost -p 5432 -U postgres -XAt -d postgres -c "SHOW hba_file")""#
        )
        #expect(commands.count == 3 && commands[1].contains("pg_reload_conf"))
        let remote = try first { $0.surroundings.postgres = .init(host: "db-1", port: 5432) }
        let typed = try #require(remote.remedy.alternatives.first?.commands.first)
        #expect(typed.hasPrefix("ssh db-1 'sed -i.before ") && typed.contains("sudo -u postgres psql -p 5432"))
        // Not by the door that is shut.
        let reload = try #require(remote.remedy.alternatives.first?.commands.dropFirst().first)
        #expect(reload == #"ssh db-1 'sudo -u postgres psql -p 5432 -XAt -d postgres -c "SELECT pg_reload_conf()"'"#)
        #expect(remote.remedy.commands.first == #"ssh db-1 'sudo -u postgres psql -p 5432 -XAt -d postgres -c "SHOW hba_file"'"#)
    }

    @Test("Another server of this machine is named with the setting that leads there")
    func neighbours() throws {
        let finding = try first { facts in
            facts.postgres?.server = .troubled(Trouble(.notListening, "Connection refused"))
            facts.postgres?.neighbours = [.init(host: "localhost", port: 5433)]
            facts.surroundings.settingPlaces = ["PGPORT": "/srv/.env"]
        }
        #expect(finding.code == .postgresDown && finding.remedy.commands.first == "systemctl start postgresql")
        let condition = try #require(finding.remedy.alternatives.first?.condition)
        #expect(
            condition.english.hasSuffix("answers on port 5433 is the one that is meant, once the settings say PGPORT=5433 in /srv/.env"))
        #expect(condition.russian.hasSuffix("и в настройках указано PGPORT=5433 в /srv/.env"))
    }
}
