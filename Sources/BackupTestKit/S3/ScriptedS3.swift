import Crypto
import FoundationEssentials
import Synchronization

/// S3 in memory, as the API Reference describes it as far as backups use it, that fails on command. It does not check signatures; real servers do.
package final class ScriptedS3: Sendable {
    /// What is asked, told by method and query.
    package enum Operation: String, Sendable, CaseIterable {
        case head, get, put, delete, list, create, part, copy, complete, abort, uploads, parts, versions
    }

    /// One thing that goes wrong.
    package struct Fault: Sendable {
        package enum Act: Sendable {
            /// In place of doing what was asked.
            case instead(ScriptedReply)
            /// After it was done.
            case after(ScriptedReply)
            /// It is done, and its answer changed.
            case changing(@Sendable (inout ScriptedReply) -> Void)
            /// One bit of the body is another one when it arrives.
            case damaging
            /// Somebody else does something right before.
            case before(@Sendable (ScriptedS3) -> Void)
            /// Asked once the head has come, before the body is read.
            case early(ScriptedReply)
        }

        package var operation: Operation
        /// Requests of that kind that go well before.
        package var skipping: Int
        package var times: Int
        package var act: Act

        package init(_ operation: Operation, skipping: Int = 0, times: Int = 1, _ act: Act) {
            self.operation = operation
            self.skipping = skipping
            self.times = times
            self.act = act
        }

        package static func always(_ operation: Operation, _ act: Act) -> Fault { Fault(operation, times: .max, act) }
    }

    package struct Object: Sendable {
        package var bytes: [UInt8]
        package var headers: [String: String]
        package var tag: String

        package init(bytes: [UInt8], headers: [String: String] = [:], tag: String? = nil) {
            self.bytes = bytes
            self.headers = headers
            self.tag = tag ?? "\"\(Insecure.MD5.hash(data: bytes).hexadecimalDigits)\""
        }
    }

    package struct Upload: Sendable {
        package var key: String
        package var headers: [String: String] = [:]
        package var initiated: String
        package var parts: [Int: (bytes: [UInt8], modified: String)] = [:]

        package init(key: String, initiated: String = "2026-02-14T02:00:00.000Z") {
            self.key = key
            self.initiated = initiated
        }
    }

    struct State {
        var objects: [String: Object] = [:]
        var uploads: [String: Upload] = [:]
        var faults: [Fault] = []
        var seen: [Operation] = []
        var date = "Sat, 14 Feb 2026 02:00:00 GMT"
        var pageSize = 1000
        var nextUpload = 1
        /// What the bucket says of versions; nil: it does not know the question.
        var versioning: String?
    }

    let state: Mutex<State>

    package init(_ faults: [Fault] = []) { state = Mutex(State(faults: faults)) }

    package var objects: [String: Object] { state.withLock { $0.objects } }
    package var uploads: [String: Upload] { state.withLock { $0.uploads } }
    /// Everything asked, in order.
    package var seen: [Operation] { state.withLock { $0.seen } }

    package func store(_ key: String, _ object: Object) { state.withLock { $0.objects[key] = object } }
    package func begin(_ id: String, _ upload: Upload) { state.withLock { $0.uploads[id] = upload } }
    package func remove(_ key: String) { state.withLock { $0.objects[key] = nil } }
    /// From now on these in place of the faults it had.
    package func fail(_ faults: [Fault]) { state.withLock { $0.faults = faults } }
    package func setPageSize(_ size: Int) { state.withLock { $0.pageSize = size } }
    /// What the bucket says of versions from now on; it keeps none all the same.
    package func setVersioning(_ state: String) { self.state.withLock { $0.versioning = state } }
    /// Of the `Date` header.
    package func setDate(_ date: String) { state.withLock { $0.date = date } }
}

/// Runs `body` with the scripted S3 listening at an URL.
package func withScriptedS3<Value: Sendable>(
    _ faults: [ScriptedS3.Fault] = [], _ body: (ScriptedS3, _ url: String) async throws -> Value
) async throws -> Value {
    let service = ScriptedS3(faults)
    return try await withScriptedHTTP(early: { service.early($0) }, { service.reply(to: $0) }) { server in
        try await body(service, server.url)
    }
}

extension Sequence<UInt8> {
    var hexadecimalDigits: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
