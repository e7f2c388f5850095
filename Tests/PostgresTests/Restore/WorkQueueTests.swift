import Testing

@testable import Postgres

@Suite struct WorkQueueTests {
    private let calls = QualifiedName(schema: "public", name: "calls")
    private let agents = QualifiedName(schema: "public", name: "agents")

    private func expect(_ queue: inout WorkQueue<String>, gives work: String?, at place: SourceLocation = #_sourceLocation) {
        let next = queue.take()
        #expect(next?.work == work, sourceLocation: place)
    }

    @Test func theHeaviestGoesFirst() {
        var queue = WorkQueue<String>()
        for (name, weight) in [("b", Int64(2)), ("d", 9), ("a", 1), ("c", 2)] { queue.add(name, weight: weight) }
        var order: [String] = []
        while let next = queue.take() { order.append(next.work) }
        #expect(order == ["d", "b", "c", "a"])
    }

    @Test func nothingRunsBeforeWhatItComesAfter() throws {
        var queue = WorkQueue<String>()
        let load = queue.add("load")
        let index = queue.add("index", after: [load], weight: 5)
        queue.add("key", after: [load, index], weight: 9)
        expect(&queue, gives: "load")
        expect(&queue, gives: nil)
        #expect(!queue.isEmpty)
        queue.finish(load)
        expect(&queue, gives: "index")
        expect(&queue, gives: nil)
        queue.finish(index)
        let last = queue.take()
        let key = try #require(last)
        #expect(key.work == "key")
        queue.finish(key.id)
        #expect(queue.isEmpty)
    }

    @Test func aTableHeldAloneKeepsOthersOut() throws {
        var queue = WorkQueue<String>()
        queue.add("key of both", alone: [calls, agents], weight: 3)
        queue.add("index of calls", shared: [calls], weight: 2)
        queue.add("index of nothing held", weight: 1)
        let taken = queue.take()
        let first = try #require(taken)
        #expect(first.work == "key of both")
        expect(&queue, gives: "index of nothing held")
        expect(&queue, gives: nil)
        queue.finish(first.id)
        expect(&queue, gives: "index of calls")
    }

    @Test func sharedTablesAreSharedButNotWithTheLonely() throws {
        var queue = WorkQueue<String>()
        queue.add("one", shared: [calls], weight: 3)
        queue.add("two", shared: [calls], weight: 2)
        queue.add("alone", alone: [calls], weight: 1)
        let taken = [queue.take(), queue.take()]
        let one = try #require(taken[0])
        let two = try #require(taken[1])
        #expect([one.work, two.work] == ["one", "two"])
        queue.finish(one.id)
        expect(&queue, gives: nil)
        queue.finish(two.id)
        expect(&queue, gives: "alone")
    }

    @Test func whatIsFinishedAlreadyHoldsNobodyUp() throws {
        var queue = WorkQueue<String>()
        let first = queue.add("first")
        _ = queue.take()
        queue.finish(first)
        queue.add("second", after: [first])
        expect(&queue, gives: "second")
    }

    @Test func randomPlansEndWithoutConflict() throws {
        var random = SeededGenerator(seed: 7)
        let tables = (0..<6).map { QualifiedName(schema: nil, name: "t\($0)") }
        for _ in 0..<200 {
            var queue = WorkQueue<(alone: Set<QualifiedName>, shared: Set<QualifiedName>)>()
            for id in 0..<40 {
                let alone = Set(tables.filter { _ in Int.random(in: 0..<6, using: &random) == 0 })
                let shared = Set(tables.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }).subtracting(alone)
                let after = Set((0..<id).filter { _ in Int.random(in: 0..<20, using: &random) == 0 })
                queue.add((alone, shared), after: after, alone: alone, shared: shared, weight: .random(in: 0..<9, using: &random))
            }
            var running: [(id: Int, work: (alone: Set<QualifiedName>, shared: Set<QualifiedName>))] = []
            var done = 0
            while !queue.isEmpty {
                while let next = queue.take() {
                    for other in running {
                        #expect(next.work.alone.isDisjoint(with: other.work.alone.union(other.work.shared)))
                        #expect(next.work.shared.isDisjoint(with: other.work.alone))
                    }
                    running.append(next)
                }
                let place = running.indices.randomElement(using: &random)
                let ended = running.remove(at: try #require(place))
                queue.finish(ended.id)
                done += 1
            }
            #expect(done == 40)
        }
    }
}
