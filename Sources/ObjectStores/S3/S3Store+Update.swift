import BackupModel
import NIOCore
import NIOHTTP1
import Synchronization

extension S3Store {
    /// Reads, changes, and writes under the condition that it is still what was read; when it is not, all over again. Where the server knows no
    /// `If-Match` (see `conditionalWrites`), only changes of this process take turns. A lock on the document is kept as it is, not prolonged.
    package func update(_ key: String, _ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws {
        try validate(key)
        try await turns.run(key) {
            for _ in 0..<Self.mostCollisions {
                let object = try await object(key)
                let changed = try change(try await wholeDocument(object))
                let condition = object.facts.tag.isEmpty ? ("if-match", "*") : ("if-match", object.facts.tag)
                let bytes = ByteBuffer(bytes: changed)
                if try await write(key, bytes, condition: condition, token: Self.freshToken(), lock: object.facts.lock) == .written {
                    return
                }
            }
            throw BackupError(
                .storeFailed, "\(key) in \(name) is changed by others all the time",
                hint: "Find out what writes there, and run this again.")
        }
    }

    private static let mostCollisions = 100

    private func wholeDocument(_ object: S3Object) async throws -> [UInt8] {
        guard object.byteCount <= 64 << 20 else {
            throw BackupError(.storeFailed, "\(object.key) in \(name) is \(ByteSize(object.byteCount)), which is no document of ours")
        }
        return try await object.read(at: 0, count: Int(object.byteCount))
    }
}

/// Who came last for each key. Numbers are given once and never again: who leaves late, when the key has been left empty and others have come, is not
/// taken for one of them.
struct Queues<Waiting> {
    private var last: [String: (number: Int, waiting: Waiting)] = [:]
    private var given = 0

    func last(_ key: String) -> Waiting? { last[key]?.waiting }

    /// - Returns: the newcomer's number.
    mutating func join(_ key: String, _ waiting: Waiting) -> Int {
        given += 1
        last[key] = (given, waiting)
        return given
    }

    mutating func leave(_ key: String, _ number: Int) {
        if last[key]?.number == number { last[key] = nil }
    }
}

/// Lets those who want the same key run one after the other, in the order they came.
final class KeyedTurns: Sendable {
    private let queues = Mutex(Queues<Task<Void, Never>>())

    func run<Value: Sendable>(_ key: String, _ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let mine = queues.withLock { queues in
            let before = queues.last(key)
            let work = Task { () throws -> Value in
                await before?.value
                try Task.checkCancellation()
                return try await body()
            }
            return (number: queues.join(key, Task { _ = await work.result }), work: work)
        }
        defer { queues.withLock { $0.leave(key, mine.number) } }
        return try await withTaskCancellationHandler {
            try await mine.work.value
        } onCancel: {
            mine.work.cancel()
        }
    }
}
