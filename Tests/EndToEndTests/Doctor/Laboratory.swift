import BackupTestKit
import Foundation
import SystemPackage
import Testing

/// An installation of its own in which things go wrong: PostgreSQL with passwords, Redis with one, a folder with a backup in it.
struct Laboratory {
    let postgres: PostgresServer
    let redis: RedisServer
    var admin: AdminProgram
    let tools: LaboratoryTools

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

    /// The same, asked again while something else has not answered in its time: a machine that is busy with other tests is no fault.
    private func doctor(_ environment: [String: String?], as prefix: [String] = [], until isWanted: (String?) -> Bool) async throws
        -> DoctorAnswer
    {
        var answer = try await doctor(environment, as: prefix)
        for _ in 0..<5 where !isWanted(answer.findings.first?.code) && answer.isHurried {
            answer = try await doctor(environment, as: prefix)
        }
        return answer
    }

    /// The fault is the first finding, with the team that can mend it.
    @discardableResult
    func expect(
        _ fault: CatalogueFault, _ environment: [String: String?] = [:], as prefix: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DoctorAnswer.Finding? {
        let (code, team) = fault.expected
        let answer = try await doctor(environment, as: prefix, until: { $0 == code })
        #expect(answer.findings.first?.code == code, "\(fault): \(answer.findings)", sourceLocation: sourceLocation)
        #expect(answer.findings.first?.team.code == team.rawValue, "\(fault)", sourceLocation: sourceLocation)
        #expect(answer.status == (answer.verdict == "failures" ? 3 : 1), "\(fault)", sourceLocation: sourceLocation)
        if let section = fault.section {
            #expect(answer.findings.first?.runbook.code == section, "\(fault)", sourceLocation: sourceLocation)
        }
        if answer.findings.first?.code == code { try InjectedFaults.record(fault) }
        return answer.findings.first
    }

    /// Waits for what does not come at once; not for ever, so that what never comes is told.
    func wait(for code: String, _ environment: [String: String?] = [:], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var found: [DoctorAnswer.Finding] = []
        for _ in 0..<60 {
            found = try await doctor(environment).findings
            if found.first?.code == code { return }
        }
        Issue.record("\(code) does not come: \(found)", sourceLocation: sourceLocation)
    }

    /// Nothing is wrong any more.
    func expectHealth(_ environment: [String: String?] = [:], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await doctor(environment, until: { $0 == nil })
        #expect(answer.findings.map(\.code) == [], "\(answer.findings)", sourceLocation: sourceLocation)
    }

    /// Types the command of a remedy that begins so, word by word, as somebody on this machine who knows the passwords.
    func carryOut(
        _ finding: DoctorAnswer.Finding?, _ word: String, _ part: String = "", with environment: [String: String?] = [:],
        input: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let command = try #require(
            finding?.remedy.all.first { $0.hasPrefix(word) && (part.isEmpty || $0.contains(part)) }, "\(finding as Any)",
            sourceLocation: sourceLocation)
        let outcome = try await types(input.map { "printf %s '\($0)' | \(command)" } ?? command, with: environment)
        #expect(outcome.status == 0, "\(command): \(outcome.output)\(outcome.errors)", sourceLocation: sourceLocation)
    }

    /// Where this machine looks for programs.
    var path: String {
        let programs = [tools.folder.string, postgres.program("").string, FilePath(AdminProgram.path).removingLastComponent().string]
        return (programs + [ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]).joined(separator: ":")
    }

    /// Types something into a shell of this machine.
    @discardableResult
    func types(_ command: String, with environment: [String: String?] = [:]) async throws -> Command.Outcome {
        var typed = admin.command([])
        // Without a terminal, so that who asks for a password reads what is typed.
        (typed.program, typed.arguments) = ("setsid", ["-w", "bash", "-c", command])
        typed.environment.merge(environment) { $1 }
        typed.environment.merge(["PATH": path, "PGPASSWORD": Self.password, "REDISCLI_AUTH": nil]) { $1 }
        typed.workingDirectory = tools.folder
        return try await typed.outcome()
    }

    /// Types all commands of a remedy in their order, as they are printed, and then nothing is wrong any more.
    /// - Parameters:
    ///   - choice: of the condition that a person finds to be so: what is for that case is typed too. Nil: none of them is.
    ///   - environment: of whoever types: what the remedy's words have him put right is right there.
    ///   - inputs: what he answers to the command that holds a word.
    ///   - failing: beginnings of those that only look, and may find what is wrong.
    func follow(
        _ finding: DoctorAnswer.Finding?, choosing choice: String? = nil, with environment: [String: String?] = [:],
        inputs: [String: String] = [:], failing: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let remedy = try #require(finding, sourceLocation: sourceLocation).remedy
        let chosen = try choice.map { word in
            try #require(remedy.alternatives.first { $0.onlyIf.contains(word) }, "\(remedy)", sourceLocation: sourceLocation).commands
        }
        for command in remedy.commands + (chosen ?? []) {
            let input = inputs.first { command.contains($0.key) }?.value
            let outcome = try await types(input.map { "printf %s '\($0)' | \(command)" } ?? command, with: environment)
            let isLook = failing.contains(where: command.hasPrefix)
            #expect(
                outcome.status == 0 || isLook, "\(command): \(outcome.output.suffix(1000))\(outcome.errors.suffix(1000))",
                sourceLocation: sourceLocation)
        }
        try await expectHealth(environment, sourceLocation: sourceLocation)
    }
}

/// The doctor's answer, as far as the tests read it.
struct DoctorAnswer: Decodable {
    struct Finding: Decodable, CustomStringConvertible {
        struct Remedy: Decodable {
            struct Alternative: Decodable {
                var onlyIf: String
                var commands: [String]
            }

            var words: String
            var commands: [String]
            var alternatives: [Alternative]
            /// In whatever case they are to be typed.
            var all: [String] { commands + alternatives.flatMap(\.commands) }
        }
        struct Team: Decodable { var code: String }
        /// Of the runbook.
        struct Section: Decodable { var code: String }

        var code: String
        var evidence: String?
        var remedy: Remedy
        var team: Team
        var runbook: Section
        var consequences: [Finding]

        var description: String { "\(code) (\(evidence ?? "")) → \(consequences.map(\.code))" }
    }

    /// Whether something did not answer in its time.
    var isHurried: Bool { findings.contains { $0.code.hasSuffix("-silent") || $0.evidence?.contains("did not answer within") == true } }

    var verdict: String
    var seconds: Double
    var findings: [Finding]
    var status: Int32 = -1

    private enum CodingKeys: CodingKey { case verdict, seconds, findings }
}

/// Runs `body` in an installation that has just taken a backup.
func withLaboratory(initialization: [String] = [], _ body: (Laboratory) async throws -> Void) async throws {
    try requireServer(17)
    try await withRedis(.redis7, settings: ["requirepass \(Laboratory.password)", "enable-protected-configs local"]) { redis in
        try await withPostgres(PostgresBlueprint(major: 17, password: Laboratory.password, initialization: initialization)) { postgres in
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
                let tools = try await LaboratoryTools(in: admin.folder.removingLastComponent().appending("tools"), postgres, redis)
                let result: Result<Void, any Error>
                do { result = .success(try await body(Laboratory(postgres: postgres, redis: redis, admin: admin, tools: tools))) } catch {
                    result = .failure(error)
                }
                try await tools.end()
                try result.get()
            }
        }
    }
}
