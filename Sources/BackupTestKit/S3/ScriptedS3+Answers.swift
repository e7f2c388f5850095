import Crypto
import FoundationEssentials
import Synchronization

extension ScriptedS3 {
    func early(_ request: ScriptedRequest) -> ScriptedReply? {
        let asked = Asked(request)
        return state.withLock { state in
            guard let place = state.faults.firstIndex(where: { $0.operation == asked.operation && $0.isEarly && $0.times > 0 }) else {
                return nil
            }
            guard state.faults[place].isDue() else { return nil }
            if case .early(let reply) = state.faults[place].act { return reply }
            return nil
        }
    }

    /// For whoever stands before it and lets some requests through.
    package func reply(to request: ScriptedRequest) -> ScriptedReply {
        let asked = Asked(request)
        switch due(asked.operation) {
        case .instead(let reply): return reply
        case .before(let act):
            act(self)
            return answer(asked)
        case .damaging: return answer(Asked(request.damaged))
        case .after(let reply):
            _ = answer(asked)
            return reply
        case .changing(let change):
            var reply = answer(asked)
            change(&reply)
            return reply
        case .early, nil: return answer(asked)
        }
    }

    private func due(_ operation: Operation) -> Fault.Act? {
        state.withLock { state in
            state.seen.append(operation)
            for place in state.faults.indices where state.faults[place].operation == operation && !state.faults[place].isEarly {
                if state.faults[place].isDue() { return state.faults[place].act }
            }
            return nil
        }
    }

    private func answer(_ asked: Asked) -> ScriptedReply {
        state.withLock { state in
            var reply = state.answer(asked)
            if case .answer(let status, var headers, let body) = reply {
                headers["Date"] = state.date
                reply = .answer(status, headers: headers, body: body)
            }
            return reply
        }
    }
}

extension ScriptedS3.Fault {
    fileprivate var isEarly: Bool { if case .early = act { true } else { false } }

    /// Counts a request of its kind.
    fileprivate mutating func isDue() -> Bool {
        guard skipping == 0 else {
            skipping -= 1
            return false
        }
        guard times > 0 else { return false }
        if times != .max { times -= 1 }
        return true
    }
}

extension ScriptedRequest {
    /// As long as before.
    fileprivate var damaged: ScriptedRequest {
        var damaged = self
        if !body.isEmpty { damaged.body[body.count / 2] ^= 0x10 }
        return damaged
    }
}

/// A request, understood.
struct Asked {
    let request: ScriptedRequest
    let key: String
    let query: [String: String]

    init(_ request: ScriptedRequest) {
        self.request = request
        let path = request.path.split(separator: "/", maxSplits: 1)
        key = path.count > 1 ? String(path[1]).removingEscapes : ""
        let pairs = request.query.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
        query = Dictionary(
            pairs.map { (String($0[0]).removingEscapes, $0.count > 1 ? String($0[1]).removingEscapes : "") }, uniquingKeysWith: { $1 })
    }

    /// What a part is to be copied from: the object without its bucket, and the range.
    var source: (key: String, range: ClosedRange<Int>)? {
        let path = request.headers["x-amz-copy-source"]?.split(separator: "/", maxSplits: 1) ?? []
        let range = request.headers["x-amz-copy-source-range"]?.dropFirst("bytes=".count) ?? ""
        let places = range.split(separator: "-").compactMap { Int($0) }
        guard path.count == 2, places.count == 2, places[0] <= places[1] else { return nil }
        return (String(path[1]).removingEscapes, places[0]...places[1])
    }

    var operation: ScriptedS3.Operation {
        switch request.method {
        case "HEAD": .head
        case "PUT": query["partNumber"] == nil ? .put : request.headers["x-amz-copy-source"] == nil ? .part : .copy
        case "POST": query["uploads"] == nil ? .complete : .create
        case "DELETE": query["uploadId"] == nil ? .delete : .abort
        default: question
        }
    }

    private var question: ScriptedS3.Operation {
        if query["list-type"] != nil { return .list }
        if query["uploads"] != nil { return .uploads }
        if query["versions"] != nil { return .versions }
        return query["uploadId"] != nil ? .parts : .get
    }
}

extension String {
    fileprivate var removingEscapes: String {
        var bytes: [UInt8] = []
        var rest = Substring(self).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
