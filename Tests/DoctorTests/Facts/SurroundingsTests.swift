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

    @Test("Statements go to the server that is meant, whatever quotes they have")
    func statements() {
        let around = Surroundings(.bare, postgres: .init(host: "db", port: 5433), redis: .init(host: "/run/redis.sock", port: 0))
        #expect(around.psql("SELECT 1") == "psql -h db -p 5433 -U postgres -d postgres -c \"SELECT 1\"")
        #expect(around.psql("DROP INDEX \"a\"", database: "x").hasSuffix("-d x -c 'DROP INDEX \"a\"'"))
        #expect(around.redisCLI("ping") == "redis-cli -s /run/redis.sock ping")
    }
}
