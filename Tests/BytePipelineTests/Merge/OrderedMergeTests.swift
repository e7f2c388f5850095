import Testing

@testable import BytePipeline

@Suite struct OrderedMergeTests {
    @Test(arguments: [1, 2, 7, 64])
    func elementsComeInTheOrderOfTheirSlotsHoweverManyProducersThereAre(producers: Int) async throws {
        let slots = 40
        let merge = OrderedMerge<Int>(slots: slots, byteLimit: 50, headLimit: 20)
        let received = try await withThrowingTaskGroup(of: Void.self) { group in
            for producer in 0..<producers {
                group.addTask {
                    for slot in stride(from: producer, to: slots, by: producers) {
                        for part in 0..<5 { try await merge.send(slot * 10 + part, bytes: 7, to: slot) }
                        merge.finish(slot)
                    }
                }
            }
            var received: [Int] = []
            while let (slot, element) = try await merge.next() {
                #expect(element / 10 == slot)
                received.append(element)
            }
            try await group.waitForAll()
            return received
        }
        let expected: [Int] = (0..<slots * 5).map { number in number / 5 * 10 + number % 5 }
        #expect(received == expected)
    }

    @Test func aFailureReachesTheConsumerAndReleasesEveryProducer() async throws {
        struct Broken: Error {}
        let merge = OrderedMerge<Int>(slots: 3, byteLimit: 10, headLimit: 10)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: Broken.self) {
                    for number in 0... { try await merge.send(number, bytes: 6, to: 2) }
                }
            }
            group.addTask { merge.fail(Broken()) }
            await #expect(throws: Broken.self) { while try await merge.next() != nil {} }
        }
    }

    @Test func aCancelledConsumerStopsWaiting() async throws {
        let merge = OrderedMerge<Int>(slots: 1, byteLimit: 10)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await #expect(throws: CancellationError.self) { _ = try await merge.next() } }
            group.cancelAll()
        }
    }

    @Test func aMergeWithoutSlotsEndsAtOnce() async throws {
        let end = try await OrderedMerge<Int>(slots: 0, byteLimit: 1).next()
        #expect(end == nil)
    }
}

@Suite struct MergeStateTests {
    @Test func laterSlotsShareTheLimitAndTheHeadHasItsOwn() {
        var state = MergeState<String>(slots: 3, byteLimit: 10, headLimit: 5)
        let offers = [
            state.offer("a", bytes: 8, to: 1), state.offer("b", bytes: 8, to: 2), state.offer("c", bytes: 5, to: 0),
            state.offer("d", bytes: 1, to: 0),
        ]
        #expect(offers == [true, false, true, false])
    }

    @Test func whatIsLargerThanTheLimitGetsInAlone() {
        var state = MergeState<String>(slots: 2, byteLimit: 10, headLimit: 5)
        let offers = [state.offer("giant", bytes: 1_000, to: 1), state.offer("next", bytes: 1, to: 1)]
        #expect(offers == [true, false])
    }

    @Test func bytesLeaveTheLimitWhenTheyAreTaken() {
        var state = MergeState<String>(slots: 3, byteLimit: 10, headLimit: 50)
        let first = state.offer("later", bytes: 10, to: 1)
        state.finish(0)
        let taken = state.take()
        let second = state.offer("latest", bytes: 10, to: 2)
        #expect(first && second)
        #expect(taken??.element == "later")
    }
}
