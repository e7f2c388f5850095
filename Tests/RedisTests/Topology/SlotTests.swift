import Testing

@testable import Redis

@Suite struct SlotTests {
    @Test func joinsRangesAndFindsWhatIsMissing() {
        let slots = SlotSet([10...20, 0...5, 6...9, 30...30])
        #expect("\(slots)" == "0-20,30" && slots.count == 22)
        #expect("\(slots.complement)" == "21-29,31-16383")
        #expect(SlotSet([0...16383]).complement.count == 0 && SlotSet([]).complement.count == 16384)
        #expect(SlotSet("0-20,30") == slots)
    }

    @Test(arguments: ["x", "5-", "3-2", "16384", "-1", "1-2-3"]) func refuses(text: String) {
        #expect(SlotSet(text) == nil)
    }

    private func node(_ host: RESPValue, _ port: Int64, _ id: String) -> RESPValue {
        .array([host, .integer(port), .bulk(Array(id.utf8)), .array([])])
    }

    private func text(_ text: String) -> RESPValue { .bulk(Array(text.utf8)) }

    @Test func readsClusterSlots() {
        let reply: RESPValue = .array([
            .array([.integer(8192), .integer(16383), node(text("b"), 2, "beta"), node(text("c"), 3, "gamma")]),
            .array([.integer(0), .integer(8000), node(.null, 1, "alpha")]),
            .array([.integer(8002), .integer(8191), node(.null, 1, "alpha")]),
        ])
        let slots = ClusterSlots(reply, asked: .network(host: "asked", port: 9))
        #expect(slots?.masters.map(\.id) == ["alpha", "beta"])
        #expect(slots?.masters.map { "\($0.place) \($0.slots)" } == ["asked:1 0-8000,8002-8191", "b:2 8192-16383"])
        #expect(slots?.masters.last?.replicas == [.network(host: "c", port: 3)])
        #expect(slots.map { "\($0.uncovered)" } == "8001")
    }

    @Test(arguments: [
        RESPValue.null, .array([.null]), .array([.array([.integer(5), .integer(4), .array([])])]),
        .array([.array([.integer(0), .integer(16384), .array([.null, .integer(1), .simple("x")])])]),
        .array([.array([.integer(0), .integer(1), .array([.null, .integer(0), .simple("x")])])]),
    ])
    func refusesWhatIsNoSuchReply(reply: RESPValue) {
        #expect(ClusterSlots(reply, asked: .network(host: "h", port: 1)) == nil)
    }

    @Test func aFailoverMovesNoDataAndAReshardDoes() {
        func slots(_ first: String, _ border: Int) -> ClusterSlots? {
            ClusterSlots(
                .array([
                    .array([.integer(0), .integer(Int64(border)), node(text("a"), 1, first)]),
                    .array([.integer(Int64(border) + 1), .integer(16383), node(text("b"), 2, "beta")]),
                ]), asked: .network(host: "h", port: 1))
        }
        #expect(slots("alpha", 100)?.hasSameShards(as: slots("promoted", 100) ?? ClusterSlots(masters: [])) == true)
        #expect(slots("alpha", 100)?.hasSameShards(as: slots("alpha", 101) ?? ClusterSlots(masters: [])) == false)
    }
}
