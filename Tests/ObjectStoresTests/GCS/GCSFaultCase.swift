import BackupModel
import BackupTestKit
import Testing

@testable import ObjectStores

/// One thing that goes wrong, during one operation, and what has to come of it.
struct GCSFaultCase: Sendable, CustomTestStringConvertible {
    enum Operation: Sendable {
        /// One request, or two pieces and a byte.
        case putSmall, putLarge
        case read, readRange, list, delete, update
    }

    enum Outcome: Sendable {
        /// As if nothing had happened.
        case survived
        /// An error of that code with these words, and nothing left of a put.
        case reported(BackupError.Code, [String])
        /// The same, and the object that was there first is left alone.
        case leftToTheOther
    }

    let name: String
    let operation: Operation
    let faults: [GCSFault]
    let outcome: Outcome

    var testDescription: String { name }

    init(_ name: String, _ operation: Operation, _ faults: [GCSFault], _ outcome: Outcome = .survived) {
        self.name = name
        self.operation = operation
        self.faults = faults
        self.outcome = outcome
    }
}

extension GCSFaultCase {
    static let large = pattern(2 * GCSScene.piece + 1)
    static let before = pattern(1000)

    func check() async throws {
        let server = ScriptedGCS(pageSize: 2)
        try await server.serving {
            let scene = try GCSScene(server, stallLimit: stalls ? .milliseconds(1500) : .seconds(20))
            if needsObject { server.store("a", Self.before) }
            server.store("other", [9])
            for fault in faults { server.add(fault) }
            switch outcome {
            case .survived: try await survive(scene)
            case .reported(let code, let words): try await report(scene, code, words)
            case .leftToTheOther:
                let error = try await #require(throws: BackupError.self) { try await run(scene) }
                #expect(error.code == .targetExists)
                #expect(server.object("a")?.bytes == Array("somebody else's".utf8))
            }
            #expect(server.openSessions == 0 || faults.contains { $0.moment == .cancel || $0.moment == .begin })
            #expect(server.object("other")?.bytes == [9])
            #expect(server.pendingFaults == 0, "not all of it happened: \(server.log)")
        }
    }

    /// Only then a short limit is worth its risk on a busy machine.
    private var stalls: Bool {
        faults.contains { fault in
            switch fault.act {
            case .instead(.silence), .afterwards(.silence), .early(.silence), .instead(.stalled): true
            default: false
            }
        }
    }

    private var needsObject: Bool {
        switch operation {
        case .putSmall, .putLarge: false
        default: true
        }
    }

    private func run(_ scene: GCSScene) async throws {
        switch operation {
        case .putSmall: try await scene.store.put("a", bytes: Self.before)
        case .putLarge:
            try await scene.store.put("a") { sink in
                for begin in stride(from: 0, to: Self.large.count, by: 200_000) {
                    try await sink.write(Array(Self.large[begin..<min(begin + 200_000, Self.large.count)]))
                }
            }
        case .read: #expect(try await scene.store.read("a") == Self.before)
        case .readRange: #expect(try await scene.store.open("a").read(at: 100, count: 200) == Array(Self.before[100..<300]))
        case .list: #expect(try await scene.store.list().map(\.key) == ["a", "other"])
        case .delete: try await scene.store.delete("a")
        case .update: try await scene.store.update("a") { $0 + [1, 2] }
        }
    }

    private func survive(_ scene: GCSScene) async throws {
        try await run(scene)
        switch operation {
        case .putSmall, .read, .readRange, .list: #expect(scene.server.object("a")?.bytes == Self.before)
        case .putLarge: #expect(scene.server.object("a")?.bytes == Self.large)
        case .delete: #expect(scene.server.object("a") == nil)
        case .update: #expect(scene.server.object("a")?.bytes == Self.before + [1, 2])
        }
    }

    private func report(_ scene: GCSScene, _ code: BackupError.Code, _ words: [String]) async throws {
        let error = try await #require(throws: BackupError.self) { try await run(scene) }
        #expect(error.code == code, "\(error)")
        for word in words { #expect("\(error) \(error.hint ?? "")".contains(word), "\(error): \(error.hint ?? "")") }
        #expect(scene.server.object("a")?.bytes == (needsObject ? Self.before : nil))
    }
}
