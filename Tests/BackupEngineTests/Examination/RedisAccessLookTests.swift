import BackupTestKit
import Doctor
import Testing

@testable import BackupEngine

@Suite("How redis-cli is let in")
struct RedisAccessLookTests {
    private func access(_ machine: Machine) async throws -> RedisAccess {
        SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings.redisAccess
    }

    /// A shell makes the password of the word; nothing that is handed on holds it.
    private func expect(
        _ access: RedisAccess, toGive password: String, in environment: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        guard case .told(let word) = access.password else {
            Issue.record("\(access)", sourceLocation: sourceLocation)
            return
        }
        #expect(!word.contains(password), sourceLocation: sourceLocation)
        let script = "printf '%s' \(word)"
        let said = try await Command("sh", ["-c", script], environment: environment.mapValues { Optional($0) }).output()
        #expect(said == password, "\(word)", sourceLocation: sourceLocation)
    }

    private static let passwords = ["right", "p:w@x/y", "a b$c`d\"e", #"it's \1 & done"#]

    @Test("Without a password none is spoken of")
    func open() async throws {
        for environment in [[:], ["REDIS_URL": "redis://cache:6379"]] {
            try await withMachine(environment: environment) { machine in
                let found = try await access(machine)
                #expect(found == RedisAccess())
            }
        }
    }

    @Test("Where the environment has it, a shell reads it there", arguments: passwords)
    func environment(_ password: String) async throws {
        let environment = ["REDIS_URL": "redis://cache:6379", "REDIS_PASSWORD": password]
        try await withMachine(environment: environment) { machine in
            try await expect(try await access(machine), toGive: password, in: environment)
        }
    }

    @Test("Where the URL has it, it is taken out of that, with the user", arguments: ["", "copier"])
    func url(_ user: String) async throws {
        let environment = ["REDIS_URL": "redis://\(user):right@cache:6380/0"]
        try await withMachine(environment: environment) { machine in
            let found = try await access(machine)
            #expect(found.user == (user.isEmpty ? nil : user))
            try await expect(found, toGive: "right", in: environment)
        }
    }

    @Test(
        "Where a file has it as it stands, it is read in that", arguments: ["REDIS_PASSWORD=right", "REDIS_URL=redis://:right@cache:6379"])
    func file(_ line: String) async throws {
        try await withMachine { machine in
            try await machine.write(".env", "BACKUP_SCHEDULE=0 2 * * *\nREDIS_URL=redis://cache:6379\n\(line)\nPGUSER=backup\n")
            if line.hasPrefix("REDIS_URL") { try await machine.write(".env", line + "\n") }
            try await expect(try await access(machine), toGive: "right", in: [:])
        }
    }

    @Test(
        "What a shell would read as something else is asked for",
        arguments: [
            "REDIS_URL=redis://cache:6379\nREDIS_PASSWORD='right'", "REDIS_URL=redis://cache:6379\nREDIS_PASSWORD=right # the cache's",
            "REDIS_URL=redis://:p%40w@cache:6379", "export REDIS_URL=redis://:right@cache:6379",
        ])
    func odd(_ text: String) async throws {
        try await withMachine { machine in
            try await machine.write(".env", text + "\n")
            let found = try await access(machine)
            #expect(found.password == .asked)
        }
    }

    @Test("The settings of a container are read there")
    func container() async throws {
        let environment = ["REDIS_URL": "redis://redis:6379", "REDIS_PASSWORD": "right", "BACKUP_MANAGED_BY": "compose"]
        try await withMachine(environment: environment) { machine in
            let found = try await access(machine)
            #expect(found.password == .told(#""$(docker compose exec -T backup-service printenv REDIS_PASSWORD)""#))
        }
    }

    @Test("TLS is what the URL says, in the words of redis-cli")
    func encryption() async throws {
        let url = "rediss://cache:6380?cacert=/etc/ca.crt&cert=/etc/c.crt&key=/etc/c.key&sni=cache.example.org"
        try await withMachine(environment: ["REDIS_URL": url]) { machine in
            let words = ["--tls", "--cacert /etc/ca.crt", "--cert /etc/c.crt", "--key /etc/c.key", "--sni cache.example.org"]
            let found = try await access(machine)
            #expect(found.encryption == words)
        }
    }

    @Test("TLS of PostgreSQL goes along where psql would not find it by itself")
    func postgres() async throws {
        let url = "postgresql://backup@db/call_center?sslmode=verify-full&sslrootcert=/etc/ca.crt"
        try await withMachine(environment: ["DATABASE_URL": url]) { machine in
            let found = SurroundingsLook(context: machine.context, configuration: try await machine.load()).surroundings
            #expect(found.postgresOptions == ["PGSSLMODE=verify-full", "PGSSLROOTCERT=/etc/ca.crt"])
        }
    }
}
