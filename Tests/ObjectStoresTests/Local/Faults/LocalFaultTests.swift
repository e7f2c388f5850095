import BackupModel
import BackupTestKit
import SystemPackage
import Testing

@testable import ObjectStores

@Suite("A folder with which something is wrong")
struct LocalFaultTests {
    @Test("Storing", arguments: LocalFaultCase.storing)
    func storing(fault: LocalFaultCase) async throws { try await check(fault) }

    @Test("Reading and listing", arguments: LocalFaultCase.reading)
    func reading(fault: LocalFaultCase) async throws { try await check(fault) }

    @Test("Deleting, changing, naming", arguments: LocalFaultCase.changing)
    func changing(fault: LocalFaultCase) async throws { try await check(fault) }

    @Test("The table is as long as it has to be, and of every errand")
    func count() {
        let all = LocalFaultCase.storing + LocalFaultCase.reading + LocalFaultCase.changing
        #expect(all.count >= 70)
        #expect(Set(all.map(\.testDescription)).count == all.count)
        #expect(Set(all.map(\.errand.rawValue)).count == 10)
    }

    private func check(_ fault: LocalFaultCase) async throws {
        try await fault.ground.with { place in
            let scene = LocalScene(place: place, fault: fault)
            try await scene.prepare()
            let store = LocalStore(root: scene.root)
            if case .strange = fault.ground { try await store.actAsNobody() }
            switch fault.outcome {
            case .survived:
                try await scene.run(on: store)
                try await fault.errand.checkDone(store, fault.key)
                #expect(try await scene.unfinished().isEmpty)
            case .reported(let code, let words):
                let error = try await #require(throws: BackupError.self) { try await scene.run(on: store) }
                #expect(error.code == code, "\(error)")
                let text = "\(error) \(error.hint ?? "")"
                for word in words { #expect(text.contains(word), "\(text)") }
                try await scene.checkUnchanged()
            }
            try await scene.end()
        }
    }
}
