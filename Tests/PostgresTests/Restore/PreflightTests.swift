import BackupModel
import DumpFormat
import Testing

@testable import Postgres

@Suite struct PreflightTests {
    private func findings(
        destination: RestoreDestination = .new("calls_restored"), change: (inout ServerFacts, inout RestoreNeeds) -> Void = { _, _ in },
        sessions: [DatabaseSession] = [], contents: String? = nil, hasLeftover: Bool = false
    ) -> [PreflightFinding] {
        var facts = ServerFacts(
            serverVersion: 150004, databases: ["calls"], roles: ["me"], tablespaces: ["pg_default"],
            extensions: ["pgcrypto": ["1.3"]], mayCreateDatabases: true, user: "me", space: .free(bytes: 1 << 40, path: "/data"))
        var needs = RestoreNeeds()
        needs.serverVersion = 150001
        needs.roles = ["me"]
        needs.extensions = [.init(name: "pgcrypto", version: "1.3", schema: "public")]
        needs.bytes = 1 << 30
        change(&facts, &needs)
        return Preflight(
            needs: needs, facts: facts, destination: destination, sessions: sessions, contents: contents, hasLeftover: hasLeftover
        ).findings
    }

    @Test func aFittingServerHasNothingAgainstIt() {
        #expect(findings().isEmpty)
    }

    @Test(arguments: [
        (BackupError.Code.versionMismatch, 0), (.failed, 1), (.failed, 2), (.failed, 3), (.outOfSpace, 4), (.permissionDenied, 5),
        (.targetExists, 6),
    ])
    func whatIsMissingIsRefused(code: BackupError.Code, change: Int) {
        let found = findings { facts, needs in
            switch change {
            case 0: needs.serverVersion = 160000
            case 1: needs.roles.insert("nobody")
            case 2: needs.tablespaces = ["fast"]
            case 3: needs.extensions.append(.init(name: "postgis", version: "3", schema: "public"))
            case 4: facts.space = .free(bytes: 1 << 20, path: "/data")
            case 5: facts.mayCreateDatabases = false
            default: facts.databases.insert("calls_restored")
            }
        }
        #expect(found.map(\.severity) == [.refusal])
        #expect(found.refusal?.code == code && found.refusal?.hint?.isEmpty == false)
    }

    @Test func whatIsOnlyDifferentIsAWarning() {
        let found = findings { facts, _ in
            facts.extensions["pgcrypto"] = ["1.4"]
            facts.space = .unknown("the server runs on another machine")
        }
        #expect(found.map(\.severity) == [.warning, .warning] && found.refusal == nil)
    }

    @Test func onlyALeftoverIsDropped() {
        let busy = findings { facts, _ in facts.databases.insert("calls_restored_incomplete") }
        #expect(busy.refusal?.code == .targetExists)
        let left = findings(change: { facts, _ in facts.databases.insert("calls_restored_incomplete") }, hasLeftover: true)
        #expect(left.map(\.severity) == [.warning])
    }

    @Test func anEmptyDatabaseNeedsNoRightToMakeOne() {
        #expect(findings(destination: .into("calls")) { facts, _ in facts.mayCreateDatabases = false }.isEmpty)
        #expect(findings(destination: .into("calls"), contents: "table public.t").refusal?.code == .targetExists)
    }

    @Test func sessionsStopAReplacementUnlessTheyMayBeEnded() {
        let names = DatabaseNames(database: "calls", id: "x")
        let session = DatabaseSession(pid: 7, user: "shop", application: "till", client: "10.0.0.1", state: "idle")
        let refused = findings(destination: .replacing("calls", names: names, terminatesSessions: false), sessions: [session])
        #expect(refused.refusal?.message.contains("shop (till) from 10.0.0.1, pid 7, idle") == true)
        let warned = findings(destination: .replacing("calls", names: names, terminatesSessions: true), sessions: [session])
        #expect(warned.map(\.severity) == [.warning])
    }
}
