import BackupModel
import Testing

@testable import Redis

@Suite struct CopyPreflightTests {
    private func findings(_ change: (inout RedisServerFacts) -> Void) -> [PreflightFinding] {
        var facts = RedisServerFacts()
        facts.version = RedisVersion(flavour: .redis, text: "7.0.15")
        facts.role = .primary
        change(&facts)
        return CopyPreflight(facts: facts, server: RedisEndpoint(.network(host: "calls", port: 6379))).findings
    }

    @Test func aQuietServerRaisesNothing() {
        #expect(findings { _ in }.isEmpty)
        #expect(
            findings {
                $0.role = .replica(.init(primary: "p:1", isUp: true, isSynchronizing: false, silentSeconds: 3))
                $0.mayReplicate = true
                $0.isDiskless = true
                ($0.usedBytes, $0.residentBytes, $0.systemBytes) = (1 << 30, 1 << 30, 8 << 30)
                $0.local = .init(availableBytes: 4 << 30, overcommit: 0)
                $0.replicaBufferBytes = 1 << 20
            }.isEmpty)
    }

    @Test(arguments: [
        ("2.6.17", BackupError.Code.versionMismatch, "Redis 2.6.17 at calls:6379 is too old"), ("2.8.0", nil, ""), ("3.0.1", nil, ""),
    ])
    func oldServersAreRefused(version: String, code: BackupError.Code?, words: String) {
        let refusal = findings { $0.version = RedisVersion(flavour: .redis, text: version) }.refusal
        #expect(refusal?.code == code && (refusal?.message.contains(words) ?? true))
    }

    @Test func whoCannotServeIsRefused() {
        let loading = findings {
            $0.isLoading = true
            $0.loadingSecondsLeft = 120
        }.refusal
        #expect(loading?.code == .sourceUnreachable && loading?.message.contains("still loading its data, about 2 min to go") == true)
        let filling = findings { $0.role = .replica(.init(primary: "p:1", isUp: false, isSynchronizing: true)) }.refusal
        #expect(filling?.code == .sourceUnreachable && filling?.message.contains("just being filled by its primary p:1") == true)
        let lost = findings { $0.role = .replica(.init(primary: "p:1", isUp: false, isSynchronizing: false)) }.refusal
        #expect(lost?.code == .sourceUnreachable && lost?.message.contains("has lost its primary p:1") == true)
        let denied = findings {
            $0.mayReplicate = false
            $0.user = "backup"
        }.refusal
        #expect(denied?.code == .permissionDenied && denied?.message.contains("the user backup is denied PSYNC") == true)
    }

    @Test func costsAreTold() {
        let busy = findings {
            $0.isSaving = true
            $0.isRewritingLog = true
            $0.isDiskless = false
        }
        #expect(busy.map(\.severity) == [.warning, .warning, .warning])
        let tight = findings {
            $0.residentBytes = 6 << 30
            $0.local = .init(availableBytes: 1 << 30, overcommit: 0)
        }
        #expect(tight.count == 2 && tight[0].message.contains("memory may run out"))
        #expect(tight.last?.message.contains("vm.overcommit_memory is 0") == true)
        #expect(tight.last?.hint?.hasPrefix("Free memory first") == true)
        let remote = findings { ($0.residentBytes, $0.systemBytes) = (7 << 30, 8 << 30) }.map(\.message)
        #expect(remote.count == 1 && remote[0].contains("7.52 GB of the machine's 8.59 GB"))
    }

    /// Since 7.0 nothing is buffered for a client that wants the copy alone.
    @Test func theOutputBufferMattersToOldServersOnly() {
        let limit = { (facts: inout RedisServerFacts) in (facts.replicaBufferBytes, facts.usedBytes) = (256 << 20, 8 << 30) }
        #expect(findings(limit).isEmpty)
        let old = findings {
            limit(&$0)
            $0.version = RedisVersion(flavour: .redis, text: "6.2.14")
        }
        #expect(old.map(\.severity) == [.warning] && old[0].message.contains("more than 268 MB"))
        #expect(old[0].hint?.contains("client-output-buffer-limit") == true)
    }

    @Test func whatIsNotToldIsNotHeldAgainstIt() {
        let unknown = CopyPreflight(facts: RedisServerFacts(), server: RedisEndpoint(.socket(path: "/s"))).findings
        #expect(unknown.map(\.severity) == [.warning] && unknown[0].message.contains("INFO is denied"))
    }

    @Test func readsTheReplicaLimitOfBothNames() {
        #expect(RedisServerFacts.replicaLimit(in: "normal 0 0 0 slave 268435456 67108864 60 pubsub 1 2 3") == 268_435_456)
        #expect(RedisServerFacts.replicaLimit(in: "normal 0 0 0 replica 0 0 0") == 0)
        #expect(RedisServerFacts.replicaLimit(in: "normal 0 0 0 slave") == nil && RedisServerFacts.replicaLimit(in: "") == nil)
    }
}
