import BackupModel
import BackupTestKit
import Synchronization
import Testing

@testable import ObjectStores

@Suite("Parts of an upload under way at the same time")
struct PartsAtOnceTests {
    /// None of the four is let through before all four are there: one that waits for another would wait for ever.
    @Test("are as many as the options say", .timeLimit(.minutes(5)))
    func gated() async throws {
        try await withScriptedS3 { server, url in
            let context = try scriptedStore(url).context
            let options = try scriptedStore(url).options
            let gate = GatedParts(try NetworkTransport(options.http), count: options.partsAtOnce)
            let store = try S3Store(options, credentials: ScriptedCredentials(), transport: gate, context: context)
            try await S3Errand.putLarge.run(on: store)
            S3Errand.putLarge.checkDone(server)
            #expect(gate.arrived == 4 && options.partsAtOnce == 4)
        }
    }
}

/// Holds parts back until so many are to be sent.
private final class GatedParts: HTTPTransport {
    private struct State {
        var arrived = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let inner: any HTTPTransport
    private let count: Int
    private let state = Mutex(State())

    init(_ inner: any HTTPTransport, count: Int) {
        self.inner = inner
        self.count = count
    }

    var arrived: Int { state.withLock { $0.arrived } }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        if call.url.contains("partNumber=") { await meet() }
        return try await inner.send(call)
    }

    private func meet() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let woken = state.withLock { state in
                state.arrived += 1
                state.waiting.append(continuation)
                guard state.arrived >= count else { return [CheckedContinuation<Void, Never>]() }
                defer { state.waiting = [] }
                return state.waiting
            }
            woken.forEach { $0.resume() }
        }
    }
}
