import BackupReports
import BackupTestKit
import Testing

@testable import Doctor

@Suite("What is typed for the service", .timeLimit(.minutes(5)))
struct ServiceCommandTests {
    private func place(_ manager: Surroundings.Manager, isInContainer: Bool = false) -> Surroundings {
        var around = Surroundings(manager, postgres: .init(host: "db", port: 5432))
        around.isInContainer = isInContainer
        return around
    }

    @Test("It begins with the settings that were checked, whoever types that")
    func settings() {
        var around = place(.bare)
        (around.settingFiles, around.stateFolder) = (["BACKUP_ENV_FILE=/srv/env", "BACKUP_CONFIG=/srv/b.yaml"], "/s")
        let files = "BACKUP_ENV_FILE=/srv/env BACKUP_CONFIG=/srv/b.yaml"
        let begin = "\(files) nohup backup-service >>/s/backup-service.log 2>&1 &"
        #expect(around.start(.backup) == begin)
        around.serviceProcess = .absent
        #expect(around.restart(.backup) == "\(files) backup-service --check && { \(begin) }")
        #expect(around.renewService() == around.restart(.backup))
        around.serviceProcess = .known(4711)
        let beginning = "\(files) backup-service --check && { if grep -qsx backup-service /proc/4711/comm; then"
        let end = "else ps -C backup-service -o pid,user,lstart,args || { \(begin) }; fi; }"
        #expect(around.restart(.backup).hasPrefix("\(beginning) kill -TERM 4711 && { kill -CONT 4711; "))
        #expect(around.restart(.backup).hasSuffix(" || kill -KILL 4711; } && { \(begin) }; \(end)"))
        #expect(around.renewService() == "\(beginning) kill -HUP 4711; \(end)")
    }

    @Test("Where services do not show whose they are they are listed, and none is ended; one begins where there is none")
    func hidden() {
        var around = place(.bare)
        (around.serviceProcess, around.stateFolder) = (.hidden, "/s")
        let list = "ps -C backup-service -o pid,user,lstart,args"
        let line = "backup-service --check && { \(list) || { nohup backup-service >>/s/backup-service.log 2>&1 & }; }"
        #expect([around.restart(.backup), around.renewService(), around.renewService(inEnvironment: true)] == [line, line, line])
    }

    /// A program of that name that waits.
    private func service(_ name: String, in folder: String) -> Command {
        let begin = #"echo $$ >"$0/$1" && exec "$0/backup-service" -c 'read -t 600 <>"$0"' "$0/pipe""#
        return Command("bash", ["-c", begin, folder, name])
    }

    /// Run by a shell, with other programs in the place of services.
    @Test("Of two services the one that is meant is ended, though it was stopped")
    func ending() async throws {
        try await withTemporaryFolder { place in
            let folder = "\(place)"
            let prepare = #"mkfifo "$0/pipe" && ln -s "$(command -v bash)" "$0/backup-service""#
            try await Command("bash", ["-c", prepare, folder]).output()
            let ours = try await service("ours", in: folder).outcome { _ in
                let other = try await service("other", in: folder).outcome { other in
                    try await restart(in: folder)
                    try other.send(.kill)
                }
                #expect(other.status == 128 + 9)
            }
            #expect(ours.status == 128 + 15)
        }
    }

    private func restart(in folder: String) async throws {
        let begun = #"""
            for name in ours other; do
                until grep -qsx backup-service "/proc/$(cat "$0/$name" 2>/dev/null)/comm"; do :; done
            done
            kill -STOP "$(cat "$0/ours")" && cat "$0/ours"
            """#
        let id = try #require(Int32(try await Command("bash", ["-c", begun, folder]).output().filter(\.isNumber)))
        var around = place(.bare)
        (around.stateFolder, around.serviceProcess) = (folder, .known(id))
        let stand = "backup-service() { :; }; nohup() { echo begun; }"
        try await Command("bash", ["-c", "\(stand)\n\(around.restart(.backup))\nwait"]).output()
        let log = try await Command("cat", ["\(folder)/backup-service.log"]).output()
        #expect(log == "begun\n")
    }

    /// What stands for the programs that a line of a service names, each of which ends with a status.
    struct StandIns: Sendable {
        /// Whether the process is still the service.
        var grep: Int
        /// Whether it takes a signal.
        var kill = 0
        /// Whether there is another service.
        var ps = 1
        /// Whether one begins.
        var begins: Bool

        var words: String {
            """
            backup-service() { :; }; grep() { return \(grep); }; kill() { return \(kill); }; ps() { return \(ps); }
            timeout() { return 0; }; nohup() { echo "$* $BACKUP_ENV_FILE"; }
            """
        }
    }

    /// - Returns: what stands in the log of a service that has begun.
    private func log(of line: (Surroundings) -> String, _ programs: StandIns) async throws -> String {
        try await withTemporaryFolder { folder in
            var around = place(.bare)
            (around.stateFolder, around.lacksStateFolder) = ("\(folder)", true)
            (around.settingFiles, around.serviceProcess) = (["BACKUP_ENV_FILE=/srv/env"], .known(4711))
            let log = "[ ! -e \"$0/backup-service.log\" ] || cat \"$0/backup-service.log\""
            let script = "\(programs.words)\n\(line(around))\nwait\n\(log)"
            return try await Command("bash", ["-c", script, "\(folder)"]).output()
        }
    }

    /// Run by a shell with stand-ins for the programs.
    @Test(
        "Another one begins only where none has heard that it is to read its settings again, though the state folder is made first",
        arguments: [
            StandIns(grep: 0, begins: false), StandIns(grep: 1, begins: true), StandIns(grep: 0, kill: 1, begins: false),
            StandIns(grep: 1, ps: 0, begins: false),
        ])
    func renewal(programs: StandIns) async throws {
        let said = try await log(of: { $0.renewService() }, programs)
        #expect(said == (programs.begins ? "backup-service /srv/env\n" : ""))
    }

    @Test(
        "None begins beside one that somebody else has begun meanwhile, nor beside one that may not be ended",
        arguments: [
            StandIns(grep: 0, begins: true), StandIns(grep: 1, begins: true), StandIns(grep: 0, kill: 1, begins: false),
            StandIns(grep: 1, ps: 0, begins: false),
        ])
    func restart(programs: StandIns) async throws {
        let said = try await log(of: { $0.restart(.backup) }, programs)
        #expect(said == (programs.begins ? "backup-service /srv/env\n" : ""))
    }

    @Test("A container keeps its environment through every restart: it is made anew for another one")
    func environment() {
        let (around, check) = (place(.compose), "docker compose run --rm -T --no-deps backup-service backup-service --check")
        #expect(around.renewService(inEnvironment: true) == "\(check) && docker compose up -d --no-deps backup-service")
        #expect(around.renewService() == "\(check) && docker compose restart backup-service")
    }

    @Test("A process is looked at where its number means it: in the service's container only by a doctor who is in it")
    func processes() {
        let inside = place(.compose, isInContainer: true)
        #expect(inside.ends(17) == #"docker compose exec -T backup-service sh -c "kill -CONT 17 && kill 17""#)
        #expect(inside.shows(17).hasPrefix("docker compose exec -T backup-service sh -c "))
        for around in [place(.compose), place(.systemd), place(.bare, isInContainer: true)] {
            #expect(around.ends(17) == "kill -CONT 17 && kill 17")
            #expect(around.shows(17) == "ps -o pid,ppid,user,stat,lstart,args -p 17")
            #expect(around.backsUpAfterwards == "BACKUP_RUN_LOCK_TIMEOUT=5min call-center-admin db backup")
        }
        let afterwards = "docker compose exec -T -e BACKUP_RUN_LOCK_TIMEOUT=5min backup-service call-center-admin db backup"
        #expect(inside.backsUpAfterwards == afterwards)
    }
}
