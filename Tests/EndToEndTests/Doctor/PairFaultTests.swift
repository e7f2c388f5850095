import BackupTestKit
import Foundation
import SystemPackage
import Testing

@Suite("The doctor's fault catalogue, two at once", .timeLimit(.minutes(10)))
struct PairFaultTests {
    private static let bare: [String: String?] = ["BACKUP_MANAGED_BY": "bare"]

    @Test("Two faults are two findings, neither under the other, the worse one first")
    func pairs() async throws {
        try await withLaboratory { lab in
            try await lab.expectBoth(["postgres-password", "redis-password"], ["PGPASSWORD": "wrong", "REDIS_URL": lab.redis.url()])
            try await lab.expectBoth(
                ["configuration-invalid"], ["BACKUP_SCHEDULE": "daily at 2", "REDIS_URL": "redis://no-such-host.invalid:6379"])
            try await damagedAndLocked(lab)
            try await linkAndRedis(lab)
            try await foldersAndRights(lab)
        }
    }

    /// What is only inconvenient waits behind what keeps the next backup from coming about.
    private func linkAndRedis(_ lab: Laboratory) async throws {
        try await Command("ln", ["-sfn", "nowhere.sql.gz", lab.admin.folder.appending("latest.sql.gz").string]).output()
        try await lab.expectBoth(["redis-unknown-host", "link-dangling"], ["REDIS_URL": "redis://no-such-host.invalid:6379"])
        try await lab.carryOut(try await lab.expect(.linkDangling), "ln")
        try await lab.expectHealth()
    }

    private func foldersAndRights(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("REVOKE pg_read_all_data FROM backup")
        try await Command("chmod", ["644", try await lab.file("Z.sql.gz")]).output()
        let answer = try await lab.expectBoth(["rights-lacking", "files-readable"])
        for finding in answer.findings { for command in finding.remedy.commands { try await lab.does(command) } }
        try await lab.expectHealth()
    }

    private func damagedAndLocked(_ lab: Laboratory) async throws {
        try await lab.postgres.psql("ALTER ROLE backup NOLOGIN")
        let dump = try await lab.file("Z.sql.gz")
        let away = lab.admin.folder.appending("../away").string
        try await Command("mv", [dump, away]).output()
        let answer = try await lab.expectBoth(["postgres-role", "artifact-missing"])
        #expect(answer.findings.map(\.team.code) == ["dba", "dba"])
        try await Command("mv", [away, dump]).output()
        try await lab.follow(try await lab.expect(.loginForbidden), choosing: "the right role")
    }

    /// PostgreSQL comes back first: a backup without it is none.
    @Test("One cause that takes both servers away is mended by the commands of both, in their order")
    func twins() async throws {
        try await withLaboratory { lab in
            try await lab.postgres.crash()
            try await lab.redis.crash()
            _ = try await lab.admin.command("db", "backup").outcome()
            let answer = try await lab.expectBoth(["postgres-down", "redis-down"], Self.bare)
            #expect(answer.findings.allSatisfy { $0.team.code == "dba" } && answer.status == 3, "\(answer.findings)")
            #expect(answer.findings[0].consequences.map(\.code).contains("failed"), "\(answer.findings)")
            for finding in answer.findings { for command in finding.remedy.commands { try await lab.does(command, with: Self.bare) } }
            // What came of it is left.
            try await lab.carryOut(try await lab.doctor().findings.first, "call-center-admin")
            try await lab.does("call-center-admin db backup")
            try await lab.expectHealth()
        }
    }

    @Test("A name that leads nowhere and carries both is told for each, to those who mend names")
    func host() async throws {
        try await withLaboratory { lab in
            let gone: [String: String?] = ["PGHOST": "no-such-host.invalid", "REDIS_URL": "redis://no-such-host.invalid:6379"]
            let answer = try await lab.expectBoth(["postgres-unknown-host", "redis-unknown-host"], gone)
            #expect(answer.findings.allSatisfy { $0.team.code == "devops" }, "\(answer.findings)")
        }
    }
}

extension Laboratory {
    /// These and no others, in this order.
    @discardableResult
    func expectBoth(
        _ codes: [String], _ environment: [String: String?] = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> DoctorAnswer {
        var answer = try await doctor(environment)
        for _ in 0..<5 where answer.findings.map(\.code) != codes && answer.isHurried { answer = try await doctor(environment) }
        #expect(answer.findings.map(\.code) == codes, "\(answer.findings)", sourceLocation: sourceLocation)
        return answer
    }
}
