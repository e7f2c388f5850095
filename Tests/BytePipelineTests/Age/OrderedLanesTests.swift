import Testing

@testable import BytePipeline

@Suite("Work in lanes")
struct OrderedLanesTests {
    /// Each waits for the other to have begun: one after the other they would wait for ever.
    @Test("is done at the same time, and leaves in the order it was begun in", .timeLimit(.minutes(5)))
    func together() async throws {
        let lanes = OrderedLanes<Int>(width: 2)
        let (one, oneBegan) = AsyncStream.makeStream(of: Void.self)
        let (two, twoBegan) = AsyncStream.makeStream(of: Void.self)
        lanes.begin {
            oneBegan.finish()
            for await _ in two {}
            return 1
        }
        #expect(!lanes.isFull)
        lanes.begin {
            twoBegan.finish()
            for await _ in one {}
            return 2
        }
        #expect(lanes.isFull)
        let first = try await lanes.next()
        let second = try await lanes.next()
        #expect(first == 1 && second == 2)
        let none = try await lanes.next()
        #expect(none == nil)
    }
}
