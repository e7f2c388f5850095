import BackupReports
import Testing

@testable import Doctor

@Suite("Surroundings")
struct SurroundingsTests {
    @Test(
        "A stopped server is started as this machine starts it",
        arguments: [
            (Surroundings.Manager.compose, "localhost", "docker compose start postgres"), (.compose, "db", "docker compose start db"),
            (.systemd, "127.0.0.1", "systemctl start postgresql"),
            (.systemd, "db.example.org", "ssh db.example.org systemctl start postgresql"),
            (.bare, "/run/postgresql", "service postgresql start"),
        ])
    func start(manager: Surroundings.Manager, host: String, command: String) {
        #expect(Surroundings(manager, postgres: .init(host: host, port: 5432)).start(.postgres) == command)
    }

    @Test("A service nobody manages is ended, by its number, before another one is started, in the background")
    func unmanaged() {
        var around = Surroundings(.bare, postgres: .init(host: "db", port: 5432))
        around.serviceProcess = .known(4711)
        #expect(around.start(.backup) == #"nohup backup-service >>"$HOME/backup-service.log" 2>&1 &"#)
        around.stateFolder = "/var/lib/a b"
        let start = #"nohup backup-service >>"/var/lib/a b/backup-service.log" 2>&1 &"#
        #expect(around.start(.backup) == start)
        let wait = #"sh -c 'while grep -qs "^State:.[^ZX]" /proc/4711/status; do sleep 1; done' || kill -KILL 4711"#
        let end = "kill -TERM 4711 && { kill -CONT 4711; timeout 180 \(wait); } && { \(start) }"
        let alone = "ps -C backup-service -o pid,user,lstart,args || { \(start) }"
        let still = "grep -qsx backup-service /proc/4711/comm"
        #expect(around.restart(.backup) == "backup-service --check && { if \(still); then \(end); else \(alone); fi; }")
        around.lacksStateFolder = true
        #expect(around.start(.backup) == #"mkdir -p -m 700 "/var/lib/a b" && \#(start)"#)
    }

    @Test("No service that works is stopped for settings with which it would not begin again; they are read from where they are")
    func checked() {
        var around = Surroundings(.systemd, postgres: .init(host: "db", port: 5432))
        #expect(
            around.restart(.backup) == "runuser -u call-center-backup -- backup-service --check && systemctl restart call-center-backup")
        around.settingFiles = ["BACKUP_ENV_FILE=/etc/b/env"]
        let asService = "BACKUP_ENV_FILE=/etc/b/env runuser -u call-center-backup -- backup-service --check"
        #expect(around.renewService() == "\(asService) && systemctl reload-or-restart call-center-backup")
        #expect(around.renewService(inEnvironment: true) == "\(asService) && systemctl restart call-center-backup")
        #expect(around.restartService(listening: nil) == "BACKUP_HTTP=127.0.0.1:0 \(asService) && systemctl restart call-center-backup")
        let check = "BACKUP_ENV_FILE=/etc/b/env backup-service --check"
        around.manager = .bare
        around.serviceProcess = .known(4711)
        let heard = "if grep -qsx backup-service /proc/4711/comm; then kill -HUP 4711; else ps -C backup-service "
        #expect(around.renewService().hasPrefix("\(check) && { \(heard)"))
        #expect(around.renewService().contains(" || { BACKUP_ENV_FILE=/etc/b/env nohup "))
        around.manager = .compose
        let inContainer = "docker compose run --rm -T --no-deps backup-service backup-service --check"
        #expect(around.restart(.backup) == "\(inContainer) && docker compose restart backup-service")
        #expect(around.renewService() == around.restart(.backup))
    }

    @Test("What it has under way is given its time first", arguments: [(60, 180), (120, 180), (3600, 3660)])
    func patience(stopTimeout: Int, seconds: Int) {
        var around = Surroundings(.bare, postgres: .init(host: "db", port: 5432))
        (around.stopTimeout, around.serviceProcess) = (.seconds(stopTimeout), .known(4711))
        #expect(around.restart(.backup).contains("; timeout \(seconds) sh -c "))
    }

    @Test("Statements go to the server that is meant, whatever quotes they have")
    func statements() {
        let around = Surroundings(.bare, postgres: .init(host: "db", port: 5433), redis: .init(host: "/run/redis.sock", port: 0))
        #expect(around.psql("SELECT 1") == "psql -h db -p 5433 -U postgres -d postgres -c \"SELECT 1\"")
        #expect(around.psql("DROP INDEX \"a\"", database: "x").hasSuffix("-d x -c 'DROP INDEX \"a\"'"))
        #expect(around.redisCLI("ping") == "redis-cli -s /run/redis.sock ping")
    }

    @Test("Names that a statement or a path may hold reach it whole")
    func remedies() {
        let around = Surroundings(.bare, postgres: .init(host: "db", port: 5432), role: "call-center", roleIdentifier: #""call-center""#)
        #expect(
            around.psql("GRANT x TO \(around.roleIdentifier)", database: "my base")
                == #"psql -h db -p 5432 -U postgres -d "my base" -c 'GRANT x TO "call-center"'"#)
    }

    @Test("Statements are those of a role that may make them, and go by the way that the settings secure")
    func administrator() {
        var around = Surroundings(.bare, postgres: .init(host: "db", port: 5433), role: "boss")
        (around.administrator, around.postgresOptions) = ("boss", ["PGSSLMODE=verify-full", "PGSSLROOTCERT=/etc/ca.crt"])
        #expect(
            around.psql("SELECT 1")
                == "PGSSLMODE=verify-full PGSSLROOTCERT=/etc/ca.crt psql -h db -p 5433 -U boss -d postgres -c \"SELECT 1\"")
        #expect(around.freeze.hasSuffix("vacuumdb -h db -p 5433 -U boss --all --freeze"))
        around.manager = .compose
        #expect(around.psql("SELECT 1") == "docker compose exec db psql -U boss -d postgres -c \"SELECT 1\"")
    }

    @Test("The role that copies asks with its own password, which a shell reads where the settings have it; nobody else is given it")
    func ownPassword() {
        var around = Surroundings(.bare, postgres: .init(host: "db", port: 5432), role: "backup")
        around.postgresPassword = #""$(cat /p)""#
        #expect(
            around.psql("SELECT 1", as: .own)
                == #"PGPASSWORD="$(cat /p)" psql -h db -p 5432 -U backup -d postgres -c "SELECT 1""#)
        #expect(around.psql("SELECT 1") == "psql -h db -p 5432 -U postgres -d postgres -c \"SELECT 1\"")
        around.administrator = "backup"
        #expect(around.psql("SELECT 1").hasPrefix("PGPASSWORD=") && around.freeze.hasPrefix("PGPASSWORD="))
    }

    @Test("Where the server's own account gets in by the socket nobody is asked for a password that only it has")
    func ownAccount() {
        var around = Surroundings(.systemd, postgres: .init(host: "localhost", port: 5433), role: "backup")
        around.hasOwnAccount = true
        #expect(around.psql("SELECT 1") == "sudo -u postgres psql -p 5433 -d postgres -c \"SELECT 1\"")
        #expect(around.psql("SELECT 1", as: .own) == "psql -h localhost -p 5433 -U backup -d postgres -c \"SELECT 1\"")
        #expect(around.freeze == "sudo -u postgres vacuumdb -p 5433 --all --freeze")
        around.administrator = "backup"
        #expect(around.psql("SELECT 1").hasPrefix("psql -h localhost "))
    }

    @Test("A setting is named where it stands; what a URL says goes before the variables")
    func settings() {
        var around = Surroundings(.bare, postgres: .init(host: "db", port: 5432))
        #expect(around.line("PGPORT", "5433").english == "PGPORT=5433")
        around.settingPlaces = ["PGPORT": "/srv/.env"]
        #expect(around.line("PGPORT", "5433").russian == "PGPORT=5433 в /srv/.env")
        around.settingPlaces["DATABASE_URL"] = ""
        #expect(around.line("PGPORT", "5433").english == "port 5433 in the DATABASE_URL")
        #expect(around.line("POSTGRES_DB", "x").english == "POSTGRES_DB=x")
    }

    private func redis(_ manager: Surroundings.Manager, _ change: (inout RedisAccess) -> Void) -> Surroundings {
        var around = Surroundings(manager, postgres: .init(host: "db", port: 5432), redis: .init(host: "cache", port: 6380))
        change(&around.redisAccess)
        return around
    }

    @Test("redis-cli is let in without a secret among its words: a shell reads it where the settings have it, or it is asked for")
    func password() {
        let told = redis(.systemd) { $0.password = .told(#""$(cat /p)""#) }
        #expect(told.redisCLI("ping") == #"REDISCLI_AUTH="$(cat /p)" redis-cli -h cache -p 6380 ping"#)
        #expect(told.redisCLI("ping", as: .administrator) == told.redisCLI("ping"))
        #expect(told.redisCLI("ping", as: .another) == "redis-cli -h cache -p 6380 --askpass ping")
        let asked = redis(.systemd) { $0.password = .asked }
        #expect(asked.redisCLI("ping") == "redis-cli -h cache -p 6380 --askpass ping")
    }

    @Test("A user that only copies changes nothing: that is done by the one who may everything")
    func user() {
        let around = redis(.bare) { access in
            (access.user, access.password) = ("copier", .told(#""$X""#))
        }
        #expect(around.redisCLI("ping") == #"REDISCLI_AUTH="$X" redis-cli -h cache -p 6380 --user copier ping"#)
        #expect(around.redisCLI("BGSAVE", as: .administrator) == "redis-cli -h cache -p 6380 --askpass BGSAVE")
    }

    @Test("TLS goes the way the settings say, and by the loopback of the server's own machine asks for no name")
    func encryption() {
        let around = redis(.systemd) { $0.encryption = ["--tls", "--cacert /etc/ca.crt"] }
        #expect(around.redisCLI("ping") == "redis-cli -h cache -p 6380 --tls --cacert /etc/ca.crt ping")
        #expect(around.redisCLIThere("ping") == "ssh cache redis-cli -p 6380 --tls --insecure ping")
    }

    @Test("In a container the secret comes in by a variable")
    func container() {
        let around = redis(.compose) { $0.password = .told(#""$X""#) }
        #expect(around.redisCLI("ping") == #"REDISCLI_AUTH="$X" docker compose exec -e REDISCLI_AUTH cache redis-cli -p 6380 ping"#)
        #expect(around.redisCLI("ping", as: .another) == "docker compose exec cache redis-cli -p 6380 --askpass ping")
        let open = redis(.compose) { _ in }
        #expect(open.redisCLI("ping") == "docker compose exec cache redis-cli -p 6380 ping")
    }

    @Test("A place is read as it describes itself", arguments: ["db:6379", "[::1]:6379", "/run/redis.sock"])
    func place(_ text: String) { #expect(Surroundings.Place(text)?.description == text) }

    @Test("What names no port is no place", arguments: ["", "db", "the cluster"])
    func noPlace(_ text: String) { #expect(Surroundings.Place(text) == nil) }
}
