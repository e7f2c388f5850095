import BackupModel
import Postgres
import Testing

@testable import BackupEngine

@Suite("Connection settings")
struct ConnectionSettingsTests {
    @Test("The URL says where; its database is the one backed up")
    func url() async throws {
        try await withMachine(environment: ["DATABASE_URL": "postgres://dba:s3cret@db:5433/orders", "POSTGRES_DB": "other"]) { machine in
            let configuration = try await machine.load()
            #expect(configuration.databases == ["orders"])
            #expect(configuration.source.description == "dba@db:5433/orders")
            #expect(configuration.source.secretEnvironment == ["PGPASSWORD": "s3cret"])
        }
    }

    @Test("libpq's variables in the environment are left to libpq; those in files are handed over")
    func files() async throws {
        try await withMachine(environment: ["PGHOST": "from-environment"]) { machine in
            try await machine.write(".env", "PGHOST=from-file\nPGPORT=5433\nPGUSER=backup\nPGPASSWORD='p w'\nPGDATABASE=orders\n")
            let configuration = try await machine.load()
            #expect(configuration.source.keywords == ["port": "5433", "user": "backup", "dbname": "orders"])
            #expect(configuration.source.secretEnvironment == ["PGPASSWORD": "p w"])
            #expect(configuration.databases == ["orders"])
        }
    }

    @Test("What the URL says goes before libpq's variables, what it leaves out they fill in")
    func both() async throws {
        try await withMachine(environment: ["DATABASE_URL": "postgres://db/orders"]) { machine in
            try await machine.write(".env", "PGHOST=elsewhere\nPGUSER=backup\nPGPASSWORD=secret\nPGDATABASE=other\n")
            let configuration = try await machine.load()
            #expect(configuration.source.description == "backup@db/orders")
            #expect(configuration.source.secretEnvironment == ["PGPASSWORD": "secret"])
            #expect(configuration.databases == ["orders"])
        }
    }

    @Test("A list of databases goes before all others", arguments: ["a,b", " a , b ,", "a,,b", "a,b,a"])
    func list(text: String) async throws {
        try await withMachine(environment: ["BACKUP_DATABASES": text, "DATABASE_URL": "postgres://db/orders"]) { machine in
            let configuration = try await machine.load()
            #expect(configuration.databases == ["a", "b"])
            #expect(configuration.source.keywords["dbname"] == "a")
        }
    }

    @Test(
        "Whether anybody has named a database is known, whatever is saved",
        arguments: [
            ("DATABASE_URL", "postgres://db/orders"), ("BACKUP_DATABASES", "orders"), ("POSTGRES_DB", "orders"), ("PGDATABASE", "orders"),
        ])
    func named(setting: String, value: String) async throws {
        let redis = ["REDIS_URL": "redis://localhost"]
        try await withMachine(environment: redis.merging([setting: value]) { $1 }) { machine in
            var configuration = try await machine.load()
            try configuration.select(only: .redis)
            #expect(configuration.namesDatabase)
        }
        try await withMachine(environment: redis.merging(["PGHOST": "db"]) { $1 }) { machine in
            let configuration = try await machine.load()
            #expect(!configuration.namesDatabase)
        }
    }

    @Test("A URL nobody understands is refused without repeating it")
    func refused() async throws {
        try await withMachine(environment: ["DATABASE_URL": "postgres://dba:s3cret@db:notaport:x/orders?nonsense=1"]) { machine in
            let error = try await #require(throws: BackupError.self) { _ = try await machine.load() }
            #expect(error.code == .invalidConfiguration)
            #expect(error.message.hasPrefix("DATABASE_URL in the environment cannot be used: "))
            #expect(!"\(error) \(error.hint ?? "")".contains("s3cret"))
        }
    }
}
