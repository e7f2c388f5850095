import BackupModel
import BackupReports
import Testing

@testable import BackupCatalog
@testable import Doctor

@Suite("Whose service it is, whose run, and whose lock")
struct ServiceRulesTests {
    private func first(_ change: (inout Examination) -> Void) throws -> Diagnosis {
        var facts = Healthy.examination
        change(&facts)
        return try #require(Diagnose()(facts).first)
    }

    private let own = ServiceFingerprint(installation: "a", settings: "1", files: ["/b/env": "x"])

    @Test("It is told by what it says of itself")
    func kinship() {
        typealias Kinship = ProcessCondition.Kinship
        #expect(Kinship(own, own: own) == .ours)
        #expect(Kinship(ServiceFingerprint(installation: "b", settings: "1"), own: own) == .another)
        #expect(Kinship(own, own: nil) == .another)
    }

    private static let readings: [([String: String], ProcessCondition.Kinship)] = [
        (["/b/env": "y"], .outdated), (["/b/env": "x"], .unknown), (["/run/secrets/env": "y"], .unknown), ([:], .unknown),
        (["/b/env": "x", "/b/yaml": "y"], .unknown),
    ]

    @Test(
        "It has other settings only where the same file was another one when it read it: its environment may be its own",
        arguments: readings)
    func files(_ files: [String: String], _ kinship: ProcessCondition.Kinship) {
        let said = ServiceFingerprint(installation: "a", settings: "2", files: files)
        #expect(ProcessCondition.Kinship(said, own: own) == kinship)
    }

    @Test("Another installation's service is not ended by a command that somebody types with the others")
    func another() throws {
        let finding = try first { facts in
            facts.process?.kinship = .another
            facts.process?.listener = 4711
            (facts.surroundings.manager, facts.surroundings.serviceProcess) = (.bare, .absent)
            facts.surroundings.stateFolder = "/var/lib/b"
            facts.wait(.postgres, .redis)
        }
        #expect(finding.code == .serviceOther && finding.evidence?.english.contains("in /var/lib/b") == true)
        #expect(Set(finding.consequences.map(\.code)) == [.overdue])
        #expect(finding.remedy.commands.allSatisfy { !$0.contains("kill") })
        // To the check it is a stranger.
        let restart = try #require(finding.remedy.alternatives.first?.commands.first)
        #expect(restart.hasPrefix("BACKUP_HTTP=127.0.0.1:0 backup-service --check && { ") && restart.contains("kill -TERM 4711"))
        #expect(finding.remedy.alternatives.last?.commands == ["nohup backup-service >>/var/lib/b/backup-service.log 2>&1 &"])
    }

    @Test("Settings in a file are read again by a service that goes on, also where everything was taken out of it")
    func outdated() throws {
        let inFile = try first { facts in
            facts.process?.kinship = .outdated
            facts.configuration.files = ["/etc/b/env"]
        }
        #expect(
            inFile.remedy.commands.last
                == "runuser -u call-center-backup -- backup-service --check && systemctl reload-or-restart call-center-backup")
        #expect(inFile.remedy.words.english.contains("/etc/b/env") && inFile.remedy.words.russian.contains("/etc/b/env"))
        let emptied = try first { $0.process?.kinship = .outdated }
        #expect(emptied.remedy.commands == inFile.remedy.commands && emptied.remedy.words.english.hasSuffix("read its files again."))
        #expect(inFile.remedy.alternatives.isEmpty)
    }

    @Test("Another address in the environment of a container takes another container")
    func foreign() throws {
        let change: (inout Examination) -> Void = { facts in
            facts.surroundings.manager = .compose
            facts.process?.answer = .stranger("404 (nginx)")
        }
        let inEnvironment = try first(change)
        #expect(inEnvironment.remedy.commands.last?.hasSuffix("--check && docker compose up -d --no-deps backup-service") == true)
        let inFile = try first { facts in
            change(&facts)
            facts.configuration.files = ["/run/secrets/backup.env"]
        }
        #expect(inFile.remedy.commands.last?.hasSuffix("--check && docker compose restart backup-service") == true)
    }

    @Test("Nobody misses a channel of alerts where no service is meant to be; a service that looks itself does")
    func channels() throws {
        var facts = Healthy.examination
        facts.configuration.tellsNobody = true
        facts.process?.isExpected = false
        #expect(Diagnose()(facts).isEmpty)
        facts.process = nil
        facts.configuration.files = ["/etc/b/env"]
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .alertsMissing && finding.remedy.words.english.contains("BACKUP_HEARTBEAT_URL in /etc/b/env;"))
        // Nothing has been set yet when it is read: then a service that works is left alone.
        #expect(finding.remedy.commands == ["call-center-admin config show"])
        let then = finding.remedy.alternatives.map(\.commands)
        #expect(
            then == [
                [
                    "runuser -u call-center-backup -- backup-service --check && systemctl reload-or-restart call-center-backup",
                    "call-center-admin alert test",
                ]
            ])
        // Alertmanager calls somebody.
        facts.monitoring = Healthy.monitoring(lastSuccess: Healthy.slot + .seconds(600))
        #expect(Diagnose()(facts).isEmpty)
    }

    private func stall(_ facts: inout Examination, host: String, _ worker: RunningProcess?) {
        guard var run = facts.service?.runs.first else { return }
        (run.trigger, run.process, run.host) = (.person, 4711, host)
        facts.service?.current = CurrentRun(record: run, phase: "dump", lastMoved: Healthy.now + .seconds(-3600))
        facts.worker = worker
    }

    @Test("What somebody started by hand is named, and no service ended for it")
    func byHand() throws {
        let worker = RunningProcess(id: 4711, calledBy: ["/usr/bin/backup-now", "--only", "redis"])
        let finding = try first { stall(&$0, host: "db-1", worker) }
        #expect(finding.code == .stalled)
        #expect(finding.remedy.words.english.contains("backup-now --only redis, process 4711 on db-1"))
        #expect(finding.remedy.commands == ["ps -o pid,ppid,user,stat,lstart,args -p 4711"])
        let backUp = "BACKUP_RUN_LOCK_TIMEOUT=5min call-center-admin db backup"
        #expect(finding.remedy.alternatives.map(\.commands) == [["kill -CONT 4711 && kill 4711", backUp]])
        let elsewhere = try first { stall(&$0, host: "db-2", nil) }
        #expect(elsewhere.remedy.commands == [#"ssh db-2 "ps -o pid,ppid,user,stat,lstart,args -p 4711""#])
        #expect(elsewhere.remedy.words.russian.contains("запуск (backup), процесс 4711 на db-2"))
    }

    @Test("Under Compose nobody ends a process of the service's container for one that has its number elsewhere")
    func byHandElsewhere() throws {
        let finding = try first { facts in
            (facts.surroundings.manager, facts.surroundings.isInContainer) = (.compose, true)
            stall(&facts, host: "3f2a9c0d1e5b", nil)
        }
        #expect(finding.remedy.commands == ["docker ps --filter id=3f2a9c0d1e5b"])
        let alternatives: [String] = finding.remedy.alternatives.flatMap { $0.commands }
        #expect(alternatives.allSatisfy { !$0.contains("kill") })
        #expect(finding.remedy.words.english.contains("process 4711 on 3f2a9c0d1e5b, which is a container of its own"))
        #expect(finding.remedy.words.russian.contains("наберите там: kill -CONT 4711 && kill 4711"))
        let here = try first { facts in
            (facts.surroundings.manager, facts.surroundings.isInContainer) = (.compose, true)
            stall(&facts, host: "db-1", nil)
        }
        #expect(here.remedy.alternatives.first?.commands.first?.hasPrefix("docker compose exec -T backup-service sh -c ") == true)
    }

    @Test("What somebody asked the service for is the service's own")
    func byService() throws {
        let finding = try first { stall(&$0, host: "db-1", RunningProcess(id: 4711, calledBy: ["/usr/bin/backup-service"])) }
        #expect(
            finding.remedy.commands == ["runuser -u call-center-backup -- backup-service --check && systemctl restart call-center-backup"])
    }

    @Test("A stranger is shown by his name and number alone: his words may hold a password")
    func stranger() throws {
        let finding = try first { facts in
            facts.surroundings.stateFolder = "/var/lib/b"
            facts.lockStranger = RunningProcess(id: 4711, calledBy: ["/usr/bin/rsync", "--password=x"])
            facts.wait(.postgres, .redis)
        }
        #expect(finding.code == .lockForeign && finding.consequences.map(\.code).contains(.overdue))
        #expect(
            finding.evidence
                == Bilingual("rsync, process 4711, holds /var/lib/b/backup.lock", "rsync, процесс 4711, держит /var/lib/b/backup.lock"))
        #expect(finding.remedy.alternatives.first?.commands == ["kill -CONT 4711 && kill 4711"])
    }

    @Test("A session is shown as the server knows it")
    func session() throws {
        let finding = try first { facts in
            facts.change(contents: {
                $0.lockStranger = LockSession(
                    process: "99", role: "crm", application: "", address: "10.0.0.7", since: "2026-02-14 02:00:00Z")
            })
            facts.wait(.postgres, .redis)
        }
        // It turns away the whole run.
        #expect(finding.code == .lockForeign && finding.consequences.map(\.code) == [.overdue, .overdue])
        #expect(
            finding.evidence?.english
                == "a program without a name, from 10.0.0.7, as crm, since 2026-02-14 02:00:00Z, server process 99")
        #expect(
            finding.evidence?.russian == "программа без имени, с 10.0.0.7, роль crm, с 2026-02-14 02:00:00Z, процесс сервера 99")
        #expect(finding.remedy.alternatives.first?.commands.first?.contains("pg_terminate_backend(99)") == true)
    }

    @Test("Where a session comes from is told only where the server tells it", arguments: [nil, "2026-02-14 02:00:00Z"])
    func place(_ since: String?) throws {
        let finding = try first { facts in
            facts.change(contents: { $0.lockStranger = LockSession(process: "99", application: "psql", since: since) })
        }
        let seen = "psql, from the server's own machine, since 2026-02-14 02:00:00Z, server process 99"
        #expect(finding.evidence?.english == (since == nil ? "psql, server process 99" : seen))
        #expect(finding.evidence?.russian.contains("самого сервера") == (since != nil))
    }

    @Test("Of a holder that has ended it is asked who has the file open; nobody is told to end a number")
    func ended() throws {
        let finding = try first { facts in
            facts.surroundings.stateFolder = "/var/lib/b"
            facts.lockStranger = RunningProcess(id: 4711)
        }
        #expect(finding.remedy.commands == ["fuser -v /var/lib/b/backup.lock"] && finding.remedy.alternatives.isEmpty)
    }

    @Test("Encryption that is off is told beside the last backup that has it, until thirty have been taken without")
    func encryption() throws {
        var facts = Healthy.examination
        facts.keys = KeyCondition(isEncrypting: false)
        facts.service?.points.append(Healthy.sealed)
        let finding = try #require(Diagnose()(facts).first)
        #expect(finding.code == .encryptionOff)
        #expect(
            finding.evidence?.english
                == "\(Healthy.sealed.id) is encrypted, and 1 backup after it not; BACKUP_AGE_RECIPIENTS is not set")
        facts.keys?.isDeclined = true
        #expect(Diagnose()(facts).map(\.code) == [])
        facts.keys?.isDeclined = false
        facts.service?.points = Array(repeating: Healthy.point(), count: 30) + [Healthy.sealed]
        #expect(Diagnose()(facts).map(\.code) == [])
        facts.keys?.isEncrypting = true
        #expect(Diagnose()(facts).map(\.code) == [])
    }
}
