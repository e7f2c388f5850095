import BackupModel
import BackupTestKit
import ObjectStores
import Synchronization
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("A check of all stores")
struct StorageCheckTests {
    @Test("Each store's verdicts are told as they come, and one that is silent does not hold back the others")
    func asTheyCome() async throws {
        try await withTemporaryFolder { folder in
            let stores: [any ProvableStore] = [SilentStore(), LocalStore(root: folder.string)]
            let told = Mutex<[String]>([])
            let findings = await StorageCheck(stores, limit: .seconds(60), context: .live()).run { store, trial in
                told.withLock { $0.append("\(store): \(trial.name)") }
            }
            #expect(told.withLock { $0 } == findings.flatMap { finding in finding.trials.map { "\(finding.store): \($0.name)" } })
            #expect(findings.map(\.store) == ["silent", folder.string])
            #expect(findings.map(\.passed) == [false, true], "\(findings)")
            #expect(findings.failure?.message.hasPrefix("silent did not pass: ") == true)
        }
    }

    @Test("One store can be checked alone, under its name with a slash at its end, too; another name is none")
    func alone() async throws {
        try await withTemporaryFolder { folder in
            let all = StorageCheck([SilentStore(), LocalStore(root: folder.string)], limit: .seconds(60), context: .live())
            let silent = try await all.only("silent").run()
            #expect(silent.map(\.store) == ["silent"])
            #expect(try await all.only(folder.string + "/").run().map(\.store) == [folder.string])
            let error = #expect(throws: BackupError.self) { try all.only("elsewhere") }
            #expect(error?.code == .invalidUsage && error?.hint?.contains("silent, ") == true)
        }
    }

    @Test("Called off before it began, it has tried nothing, and says so of every store")
    func calledOff() async throws {
        try await withTemporaryFolder { folder in
            let check = StorageCheck([LocalStore(root: folder.string)], limit: .seconds(60), context: .live())
            let findings = await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await check.run()
            }.value
            #expect(findings.map(\.passed) == [false] && findings.failure == nil)
            #expect(findings[0].trials.allSatisfy { $0.message == "not tried, as the check was called off" }, "\(findings)")
        }
    }
}

/// It waited for its server in vain, and says so at once.
private struct SilentStore: ProvableStore {
    var name: String { "silent" }

    private var silence: BackupError { BackupError(.stalled, "no byte moved") }

    func put<Result: Sendable>(_ key: String, _ body: (any ByteSink) async throws -> Result) async throws -> Result { throw silence }
    func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws { throw silence }
    func open(_ key: String) async throws -> any RandomAccessBytes { throw silence }
    func list() async throws -> [StoredObject] { throw silence }
    func delete(_ key: String) async throws { throw silence }
    func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async {}
}
