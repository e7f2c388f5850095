import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import ObjectStores

@Suite("Trials one after the other")
struct TrialBenchTests {
    private static let all = [
        "write", "read back", "range", "list", "refuse overwrite", "change", "leave nothing", "upload", "download", "delete",
    ]

    @Test("A trial without an answer has failed, and what comes after it is not tried and said to be so")
    func silence() async throws {
        let told = Mutex<[String]>([])
        let bench = TrialBench(limit: .milliseconds(20)) { trial in told.withLock { $0.append(trial.name) } }
        await bench.run("first", patience: .seconds(60)) { Trial("first", "good") }
        await bench.run("second") {
            try await ContinuousClock().sleep(for: .seconds(86_400))
            return Trial("second", "good")
        }
        await bench.run("third", patience: .seconds(60)) { Trial("third", "good") }
        let trials = bench.trials
        #expect(trials.map(\.name) == ["first", "second", "third"] && told.withLock { $0 } == trials.map(\.name))
        #expect(trials[1].failure?.code == .stalled && trials[1].message.hasPrefix("no answer in "))
        #expect(trials[2].isUntried && trials[2].message.hasPrefix("not tried"))
    }

    @Test("No trial leads to the check that is being made")
    func circle() async throws {
        let bench = TrialBench()
        await bench.run("versions") { throw BackupError(.storeFailed, "501", hint: StoreCheck.look) }
        bench.add(Trial("locks", "none", .lacking(hint: "Nothing is lost. \(StoreCheck.look)")))
        bench.add(Trial("write", "denied", .failed(BackupError(.storeFailed, "403", hint: "Allow it and run `storage check`."))))
        let hints = bench.trials.map { trial in
            if case .lacking(let hint) = trial.verdict { hint } else { trial.failure?.hint ?? "" }
        }
        #expect(!hints.contains { $0.contains(StoreCheck.look) })
        #expect(hints[0].hasPrefix("See the server's log") && hints[1].hasPrefix("Nothing is lost. See the server's log"), "\(hints)")
        #expect(hints[2] == "Allow it and run `storage check`.")
    }

    @Test("A silent store is asked one thing, and every other is named")
    func silentStore() async throws {
        let store = Liar(about: "nothing", latency: .seconds(86_400))
        let bench = TrialBench(limit: .milliseconds(20))
        await StoreTrials(store, context: .live(), largeSize: 1 << 20).run(on: bench)
        #expect(bench.trials.map(\.name) == Self.all)
        #expect(bench.trials[0].failure?.code == .stalled && bench.trials.dropFirst().allSatisfy(\.isUntried))
    }

    @Test("A store that has waited for its own answers in vain is not asked again either")
    func stalled() async throws {
        let bench = TrialBench()
        await bench.run("write") { throw BackupError(.stalled, "no byte moved") }
        await bench.run("list") { Trial("list", "good") }
        #expect(bench.trials.map(\.isUntried) == [false, true])
    }

    @Test("Called off, a check says what it knows, removes what it stored, and names what it has not tried")
    func calledOff() async throws {
        let store = Liar(about: "nothing")
        let bench = TrialBench { trial in
            if trial.name == "range" { withUnsafeCurrentTask { $0?.cancel() } }
        }
        await Task { await StoreTrials(store, context: .live(), largeSize: 1 << 20).run(on: bench) }.value
        #expect(bench.trials.map(\.name) == Self.all)
        #expect(bench.trials.filter { !$0.isUntried }.map(\.name) == ["write", "read back", "range", "delete"])
        #expect(bench.trials.allSatisfy { $0.failure == nil })
        #expect(try await store.list().isEmpty)
    }
}

extension Trial {
    fileprivate var isUntried: Bool { if case .untried = verdict { true } else { false } }
}
