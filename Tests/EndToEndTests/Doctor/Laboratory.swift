import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// An installation of its own in which things go wrong: PostgreSQL with passwords, Redis with one, a folder with a backup in it.
struct Laboratory {
    let postgres: PostgresServer
    let redis: RedisServer
    var admin: AdminProgram

    static let password = "right"
    static let database = "call_center"

    /// The newest file with this ending.
    func file(_ ending: String) async throws -> String {
        let names = try await admin.entries().filter { $0.hasSuffix(ending) && !$0.hasPrefix("latest") }
        return admin.folder.appending(try #require(names.max(), "no file \(ending)")).string
    }

    /// What the doctor finds.
    func doctor(_ environment: [String: String?] = [:], as prefix: [String] = []) async throws -> DoctorAnswer {
        var command = admin.command("doctor", "--json")
        if let program = prefix.first {
            (command.program, command.arguments) = (program, Array(prefix.dropFirst()) + [AdminProgram.path, "doctor", "--json"])
        }
        command.environment.merge(environment) { $1 }
        let outcome = try await command.outcome()
        var answer = try JSONDecoder().decode(DoctorAnswer.self, from: Data(outcome.output.utf8))
        answer.status = outcome.status
        // The clients of whoever runs the tests may be older than they should be.
        answer.findings.removeAll { $0.code == "client-minor" }
        return answer
    }

    /// The fault is the first finding, with the team that can mend it.
    @discardableResult
    func expect(
        _ code: String, _ team: String, _ environment: [String: String?] = [:], as prefix: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DoctorAnswer.Finding? {
        let answer = try await doctor(environment, as: prefix)
        #expect(answer.findings.first?.code == code, "\(answer.findings)", sourceLocation: sourceLocation)
        #expect(answer.findings.first?.team.code == team, "\(code)", sourceLocation: sourceLocation)
        #expect(answer.status == (answer.verdict == "failures" ? 3 : 1), "\(code)", sourceLocation: sourceLocation)
        return answer.findings.first
    }

    /// Nothing is wrong any more.
    func expectHealth(_ environment: [String: String?] = [:], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await doctor(environment)
        #expect(answer.findings.map(\.code) == [], "\(answer.findings)", sourceLocation: sourceLocation)
    }

    /// Types the commands of a remedy that are for a shell.
    func carryOut(_ finding: DoctorAnswer.Finding?, _ word: String) async throws {
        let command = try #require(finding?.remedy.commands.first { $0.hasPrefix(word) }, "\(finding as Any)")
        try await Command("bash", ["-c", command]).output()
    }

    /// Runs the statements of a remedy as a superuser would.
    func carryOutSQL(_ finding: DoctorAnswer.Finding?, _ word: String) async throws {
        let command = try #require(finding?.remedy.commands.first { $0.contains(word) }, "\(finding as Any)")
        let statement = try #require(command.firstMatch(of: /-c (["'])(.*)\1$/)?.2)
        try await postgres.psql(String(statement), database: Self.database)
    }
}

/// The doctor's answer, as far as the tests read it.
struct DoctorAnswer: Decodable {
    struct Finding: Decodable, CustomStringConvertible {
        struct Remedy: Decodable { var commands: [String] }
        struct Team: Decodable { var code: String }

        var code: String
        var evidence: String?
        var remedy: Remedy
        var team: Team
        var consequences: [Finding]

        var description: String { "\(code) (\(evidence ?? "")) → \(consequences.map(\.code))" }
    }

    var verdict: String
    var seconds: Double
    var findings: [Finding]
    var status: Int32 = -1

    private enum CodingKeys: CodingKey { case verdict, seconds, findings }
}

/// Runs `body` in an installation that has just taken a backup.
func withLaboratory(_ body: (Laboratory) async throws -> Void) async throws {
    try requireServer(17)
    try await withRedis(.redis7, settings: ["requirepass \(Laboratory.password)"]) { redis in
        try await withPostgres(PostgresBlueprint(major: 17, password: Laboratory.password)) { postgres in
            try await postgres.createDatabase(Laboratory.database)
            try await postgres.psql(
                "CREATE TABLE calls AS SELECT n, md5(n::text) AS said FROM generate_series(1, 2000) n; CREATE INDEX calls_n ON calls (n)",
                database: Laboratory.database)
            try await postgres.psql(
                "CREATE ROLE backup LOGIN PASSWORD '\(Laboratory.password)'; GRANT pg_read_all_data TO backup")
            try await withAdmin(postgres) { admin in
                var admin = admin
                admin.environment = [
                    "PGUSER": "backup", "PGPASSWORD": Laboratory.password, "BACKUP_DATABASES": Laboratory.database,
                    "REDIS_URL": redis.url(login: ":\(Laboratory.password)@"),
                ]
                try await admin.command("db", "backup").output()
                try await body(Laboratory(postgres: postgres, redis: redis, admin: admin))
            }
        }
    }
}
