import BackupModel
import BackupTestKit
import NIOCore
import NIOHTTP1
import Synchronization

@testable import ObjectStores

/// Endpoints that answer what a test says, without a network; what was asked is kept.
final class ScriptedTransport: HTTPTransport {
    private let answers: @Sendable (HTTPCall) throws -> HTTPAnswer
    private let seen = Mutex<[HTTPCall]>([])

    init(_ answers: @escaping @Sendable (HTTPCall) throws -> HTTPAnswer) { self.answers = answers }

    var calls: [HTTPCall] { seen.withLock { $0 } }
    /// "PUT http://…", in their order.
    var lines: [String] { calls.map { "\($0.method) \($0.url)" } }

    func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        seen.withLock { $0.append(call) }
        return try answers(call)
    }
}

extension HTTPAnswer {
    init(_ status: Int, _ text: String) { self.init(status: status, body: Array(text.utf8)) }
}

extension HTTPCall {
    var bodyText: String { String(buffer: body) }
}

extension Endpoints {
    init(_ transport: ScriptedTransport) { self.init(near: transport, remote: transport, clock: SteppingClock()) }
}

/// A host without a network, and nobody who would answer.
let silence = ScriptedTransport { _ in throw HTTPFailure(kind: .unreachable, reason: "cannot connect") }

/// The time of these tests.
let testTime = Instant(secondsSinceEpoch: 1_800_000_000)
