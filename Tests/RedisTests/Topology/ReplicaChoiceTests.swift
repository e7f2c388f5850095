import BackupModel
import Testing

@testable import Redis

@Suite struct ReplicaChoiceTests {
    private let primary = RedisSource(
        endpoint: RedisEndpoint(.network(host: "primary", port: 1)), facts: facts { $0.role = .primary })

    private static func facts(_ change: (inout RedisServerFacts) -> Void) -> RedisServerFacts {
        var facts = RedisServerFacts()
        (facts.replicationID, facts.offset) = ("history", 1000)
        facts.role = .replica(.init(primary: "primary:1", isUp: true, isSynchronizing: false, silentSeconds: 1))
        change(&facts)
        return facts
    }

    private func candidate(_ host: String, _ change: (inout RedisServerFacts) -> Void) -> ReplicaChoice.Candidate {
        .init(endpoint: RedisEndpoint(.network(host: host, port: 1)), answer: .success(Self.facts(change)))
    }

    @Test func theLeastBehindIsRead() {
        let choice = ReplicaChoice(
            primary: primary,
            candidates: [
                candidate("far", { $0.offset = 100 }), candidate("near", { $0.offset = 990 }), candidate("far", { $0.offset = 1 }),
            ])
        let (source, remarks) = choice.decision
        #expect("\(source.endpoint)" == "near:1" && source.isReplica && source.lagBytes == 10 && remarks.isEmpty)
    }

    @Test func whoIsUnfitIsPassedOverWithTheReason() {
        let unreachable = ReplicaChoice.Candidate(
            endpoint: RedisEndpoint(.network(host: "gone", port: 1)), answer: .failure(BackupError(.sourceUnreachable, "nobody listens")))
        let candidates = [
            unreachable, candidate("a") { $0.role = .primary }, candidate("b") { $0.isLoading = true },
            candidate("c") { $0.role = .replica(.init(primary: "p", isUp: false, isSynchronizing: true)) },
            candidate("d") { $0.role = .replica(.init(primary: "p", isUp: false, isSynchronizing: false)) },
            candidate("e") { $0.role = .replica(.init(primary: "p", isUp: true, isSynchronizing: false, silentSeconds: 31)) },
            candidate("f") { $0.mayReplicate = false }, candidate("g") { $0.replicationID = "another" },
        ]
        let (source, remarks) = ReplicaChoice(primary: primary, candidates: candidates).decision
        #expect("\(source.endpoint)" == "primary:1" && !source.isReplica && source.lagBytes == nil)
        let expected = [
            "nobody listens", "no replica", "loading", "being filled", "has lost its primary", "not heard from its primary for 31 s",
            "denied PSYNC", "another primary", "taken from the primary primary:1",
        ]
        #expect(remarks.count == expected.count)
        for (remark, words) in zip(remarks, expected) { #expect(remark.severity == .warning && remark.message.contains(words)) }
    }

    @Test func aFailoverKeepsTheHistory() {
        var promoted = primary
        promoted.facts.previousReplicationID = "old"
        let (source, _) = ReplicaChoice(primary: promoted, candidates: [candidate("r") { $0.replicationID = "old" }]).decision
        #expect(source.isReplica)
    }
}
