import BackupModel
import Synchronization
import Testing

@testable import BytePipeline

@Suite("One stream into several stores")
struct TeeTests {
    private static let chunks = (0..<64).map { [UInt8](repeating: UInt8($0), count: 1000) }

    private func send(_ tee: Tee, _ key: String = "a") async throws -> [String] {
        try await tee.put(key) { sink in for chunk in Self.chunks { try await sink.write(chunk) } }.1.map(\.name)
    }

    @Test("Every store gets every byte, and what they come from is read once")
    func all() async throws {
        let stores = [ScriptedStore("one"), ScriptedStore("two"), ScriptedStore("three")]
        let reads = Mutex(0)
        let names = try await Tee(stores: stores, limits: TeeLimits(buffer: 3000)).put("a") { sink in
            reads.withLock { $0 += 1 }
            for chunk in Self.chunks { try await sink.write(chunk) }
        }.1.map(\.name)
        #expect(names == ["one", "two", "three"] && reads.withLock { $0 } == 1)
        for store in stores { #expect(store.stored == ["a": Self.chunks.flatMap { $0 }]) }
    }

    @Test("A store that breaks is left out of this file and the next; the others have both whole", arguments: [0, 1, 30_000, 63_999])
    func breaks(afterBytes: Int) async throws {
        let (good, bad) = (ScriptedStore("good"), ScriptedStore("bad", .breaks(afterBytes: afterBytes)))
        let tee = Tee(stores: [bad, good], limits: TeeLimits(buffer: 3000))
        #expect(try await send(tee) == ["good"])
        #expect(try await send(tee, "b") == ["good"])
        #expect(good.stored.values.map(\.count) == [64_000, 64_000])
        #expect(bad.stored.isEmpty)
        #expect(tee.dropouts.map(\.error.message) == ["bad broke"])
        #expect(tee.dropouts.map(\.isLaggard) == [false])
        #expect(tee.taking.map(\.name) == ["good"])
    }

    @Test("When none is left, the first one's error ends the run")
    func none() async throws {
        let stores = [ScriptedStore("one", .breaks(afterBytes: 5000)), ScriptedStore("two", .breaks(afterBytes: 9000))]
        let tee = Tee(stores: stores, limits: TeeLimits(buffer: 3000))
        let error = await #expect(throws: BackupError.self) { _ = try await send(tee) }
        #expect(error?.message == "one broke")
        await #expect(throws: BackupError.self) { _ = try await send(tee, "b") }
    }

    @Test("A store that stands still costs the others no more than the limit, and may have its copy later")
    func stalls() async throws {
        let (good, slow) = (ScriptedStore("good"), ScriptedStore("slow", .stalls))
        let tee = Tee(
            stores: [slow, good], limits: TeeLimits(buffer: 3000, lag: .seconds(7)), clock: ScriptedClock.passing(upTo: .seconds(7)))
        #expect(try await send(tee) == ["good"])
        #expect(tee.dropouts.map(\.isLaggard) == [true])
        #expect(tee.dropouts.first?.error.message == "slow is too slow: it held up the backup for 7 s")
    }

    @Test("A store that hangs for good at the end does not keep the run")
    func hangs() async throws {
        let (good, hung) = (ScriptedStore("good"), ScriptedStore("hung", .hangs))
        let clock = ScriptedClock { _ in for await _ in good.whenStored {} }
        let tee = Tee(stores: [hung, good], clock: clock)
        #expect(try await send(tee) == ["good"])
        #expect(tee.dropouts.first?.error.code == .stalled)
    }

    @Test("A store that takes nothing more at the end costs no more than the limit, and what it still has to take is no excuse")
    func stallsAtTheEnd() async throws {
        let (good, slow) = (ScriptedStore("good"), ScriptedStore("slow", .stalls))
        let clock = ScriptedClock { duration in
            if duration > .seconds(7) { try await ContinuousClock().sleep(for: .seconds(86_400)) }
            for await _ in good.whenStored {}
        }
        // All of the file fits into the buffer: nobody waits before the end.
        let tee = Tee(stores: [slow, good], limits: TeeLimits(buffer: 1 << 20, lag: .seconds(7)), clock: clock)
        #expect(try await send(tee) == ["good"])
        #expect(tee.dropouts.map(\.store) == ["slow"] && tee.dropouts.first?.error.code == .stalled)
        #expect(tee.dropouts.first?.error.hint?.contains("BACKUP_STORE_LAG_LIMIT") == true)
    }

    @Test("One that goes on taking at the end is given its time from the last bytes it took")
    func movesAtTheEnd() async throws {
        let (good, slow) = (ScriptedStore("good"), ScriptedStore("slow", .takesOnLeave))
        let clock = ScriptedClock { duration in
            guard duration <= .seconds(7) else { return try await ContinuousClock().sleep(for: .seconds(86_400)) }
            for await _ in good.whenStored {}
            await slow.takeAnother()
        }
        let tee = Tee(stores: [slow, good], limits: TeeLimits(buffer: 1 << 20, lag: .seconds(7)), clock: clock)
        #expect(try await send(tee).sorted() == ["good", "slow"])
        #expect(slow.stored == ["a": Self.chunks.flatMap { $0 }] && tee.dropouts.isEmpty)
    }

    @Test("A store that is late to end is waited for as long as no other has the file, whatever the limit")
    func late() async throws {
        let (late, bad) = (ScriptedStore("late", .endsLate), ScriptedStore("bad", .breaks(afterBytes: 0)))
        let tee = Tee(stores: [late, bad], clock: ScriptedClock.passing(upTo: .seconds(60)))
        let run = Task { try await send(tee) }
        for await _ in late.whenTaken {}
        late.letEnd()
        #expect(try await run.value == ["late"])
        #expect(tee.dropouts.map(\.store) == ["bad"])
    }

    @Test("A large file gives its stores longer to end it")
    func endOfLargeFiles() {
        let limits = TeeLimits(lag: .seconds(5))
        #expect([0, 1 << 20, 100 << 30].map { limits.end(ofBytes: $0, isStored: true) } == [.seconds(5), .seconds(5), .seconds(105)])
        #expect(limits.end(ofBytes: 100 << 30, isStored: false) == .seconds(1000))
    }

    @Test("A store that hangs keeps no run: not when all others broke, and not when the run is called off", arguments: [true, false])
    func hangsAlone(isCalledOff: Bool) async throws {
        let hung = ScriptedStore("hung", .hangs)
        let others = isCalledOff ? [] : [ScriptedStore("bad", .breaks(afterBytes: 0))]
        let tee = Tee(stores: [hung] + others, clock: ScriptedClock.passing(upTo: .seconds(isCalledOff ? 60 : 900)))
        let run = Task { try await send(tee) }
        if isCalledOff {
            for await _ in hung.whenTaken {}
            run.cancel()
        }
        await #expect(throws: (any Error).self) { _ = try await run.value }
        #expect(hung.stored.isEmpty)
    }

    @Test("What the source throws passes through, and no store keeps anything or is blamed")
    func sourceFails() async throws {
        struct Broken: Error {}
        let stores = [ScriptedStore("one"), ScriptedStore("two")]
        let tee = Tee(stores: stores)
        await #expect(throws: Broken.self) {
            _ = try await tee.put("a") { sink in
                try await sink.write([1])
                throw Broken()
            }
        }
        #expect(stores.map(\.stored.count) == [0, 0] && tee.dropouts.isEmpty)
    }

    @Test("A writer that is called off while a store is slow is not held against the store")
    func writerCalledOff() async throws {
        struct Broken: Error {}
        let stores = [ScriptedStore("one", .stalls), ScriptedStore("two", .stalls)]
        let tee = Tee(stores: stores, limits: TeeLimits(buffer: 3000))
        await #expect(throws: Broken.self) {
            _ = try await tee.put("a") { sink in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for chunk in Self.chunks { try await sink.write(chunk) } }
                    throw Broken()
                }
            }
        }
        #expect(tee.dropouts.isEmpty)
    }

    @Test("A cancelled run leaves nothing in any store, wherever it stands")
    func cancelled() async throws {
        let stores = [ScriptedStore("one"), ScriptedStore("slow", .stalls)]
        let tee = Tee(stores: stores, limits: TeeLimits(buffer: 3000))
        let run = Task { try await send(tee) }
        run.cancel()
        await #expect(throws: CancellationError.self) { _ = try await run.value }
        #expect(stores.map(\.stored.count) == [0, 0])
    }
}
