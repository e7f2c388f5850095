import BackupReports
import BackupTestKit
import Testing

@testable import Doctor

@Suite("What is typed for the service")
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
        let wait = "sh -c 'while ps -C backup-service -o stat= | grep -qv ^Z; do sleep 1; done' || pkill -KILL -x backup-service"
        let end = "pkill -x backup-service; pkill -CONT -x backup-service; timeout 180 \(wait)"
        #expect(around.start(.backup) == begin)
        #expect(around.restart(.backup) == "\(files) backup-service --check && { \(end); \(begin) }")
        #expect(around.renewService() == "\(files) backup-service --check && { pkill -HUP -x backup-service || { \(begin) }; }")
    }

    /// Run by a shell with stand-ins for the programs.
    @Test(
        "Another one begins only where none has heard that it is to read its settings again, though the state folder is made first",
        arguments: [(0, ""), (1, "backup-service /srv/env\n")])
    func renewal(status: Int, begun: String) async throws {
        try await withTemporaryFolder { folder in
            var around = place(.bare)
            (around.stateFolder, around.lacksStateFolder) = ("\(folder)", true)
            around.settingFiles = ["BACKUP_ENV_FILE=/srv/env"]
            let stand = "backup-service() { :; }; pkill() { return \(status); }; nohup() { echo \"$* $BACKUP_ENV_FILE\"; }"
            let log = "[ ! -e \"$0/backup-service.log\" ] || cat \"$0/backup-service.log\""
            let script = "\(stand)\n\(around.renewService())\nwait\n\(log)"
            let said = try await Command("bash", ["-c", script, "\(folder)"]).output()
            #expect(said == begun)
        }
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
