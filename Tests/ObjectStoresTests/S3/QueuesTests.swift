import Testing

@testable import ObjectStores

@Suite("Who came last for a key")
struct QueuesTests {
    @Test("is left there by everybody who leaves later than those who came after")
    func late() {
        var queues = Queues<String>()
        let one = queues.join("a", "one")
        let two = queues.join("a", "two")
        #expect(queues.last("a") == "two")
        queues.leave("a", two)
        #expect(queues.last("a") == nil)
        let three = queues.join("a", "three")
        queues.leave("a", one)
        #expect(queues.last("a") == "three")
        queues.leave("a", three)
        #expect(queues.last("a") == nil)
    }

    @Test("is nobody who came for another one")
    func others() {
        var queues = Queues<String>()
        let one = queues.join("a", "one")
        _ = queues.join("b", "two")
        queues.leave("b", one)
        #expect(queues.last("a") == "one" && queues.last("b") == "two")
    }
}
