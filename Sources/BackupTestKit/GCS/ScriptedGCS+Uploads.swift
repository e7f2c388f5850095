import FoundationEssentials

/// What comes with an object's content.
struct ObjectFacts: Decodable {
    var name: String
    var storageClass: String?
    var crc32c: String?
    var metadata: [String: String]?
    var retention: Retention?

    struct Retention: Decodable { var retainUntilTime: String }
}

extension ScriptedGCS {
    func documentParts(_ request: ScriptedRequest) -> (facts: ObjectFacts, bytes: [UInt8])? {
        if request.queryItems["uploadType"] == "resumable" {
            return (try? JSONDecoder().decode(ObjectFacts.self, from: Data(request.body))).map { ($0, []) }
        }
        guard let boundary = request.headers["content-type"]?.split(separator: "boundary=").last else { return nil }
        let parts = request.body.split(around: Array("--\(boundary)".utf8))
        guard parts.count == 4 else { return nil }
        let contents = parts[1...2].map { part -> [UInt8] in
            let body = part.split(around: Array("\r\n\r\n".utf8)).dropFirst().joined(separator: Array("\r\n\r\n".utf8))
            return Array(Array(body).dropLast(2))
        }
        return (try? JSONDecoder().decode(ObjectFacts.self, from: Data(contents[0]))).map { ($0, contents[1]) }
    }

    func storeDocument(_ request: ScriptedRequest, _ state: inout State, _ act: GCSFault.Act?) -> ScriptedReply {
        guard let (facts, bytes) = documentParts(request) else { return GCSFault.refusal(400, "invalid", "Malformed multipart body") }
        var stored = bytes
        if case .damage = act { stored.damage() }
        var object = Object(bytes: stored)
        if stored == bytes, let expected = facts.crc32c, expected != object.checksum {
            return GCSFault.refusal(400, "invalid", "Provided CRC32C \(expected) does not match calculated CRC32C \(object.checksum).")
        }
        let isConditional = if case .regardless = act { false } else { true }
        if isConditional, let refusal = conflict(facts.name, Int64(request.queryItems["ifGenerationMatch"] ?? ""), state) { return refusal }
        if let refusal = lock(facts.name, state) { return refusal }
        object.describe(facts.storageClass, request.queryItems["kmsKeyName"], facts.metadata)
        object.retainedUntil = facts.retention?.retainUntilTime
        state.store(facts.name, object)
        return described(facts.name, state)
    }

    func begin(_ request: ScriptedRequest, _ state: inout State) -> ScriptedReply {
        guard let (facts, _) = documentParts(request) else { return GCSFault.refusal(400, "parseError", "Parse Error") }
        let match = Int64(request.queryItems["ifGenerationMatch"] ?? "")
        if let refusal = conflict(facts.name, match, state) { return refusal }
        let id = "upload-\(state.sessions.count + 1)"
        state.sessions[id] = Session(
            name: facts.name, generationMatch: match, storageClass: facts.storageClass, kmsKeyName: request.queryItems["kmsKeyName"],
            metadata: facts.metadata ?? [:])
        let place = "\(url)/upload/storage/v1/b/\(bucket)/o?uploadType=resumable&upload_id=\(id)"
        return .answer(200, headers: ["Location": place, "X-GUploader-UploadID": id])
    }

    func continueUpload(
        _ request: ScriptedRequest, _ moment: GCSFault.Moment, _ state: inout State, _ act: GCSFault.Act?
    ) -> ScriptedReply {
        let id = request.queryItems["upload_id"] ?? ""
        guard var session = state.sessions[id] else { return .answer(404) }
        if session.isCancelled { return .answer(499) }
        if session.object != nil { return moment == .cancel ? .answer(499) : described(session.name, state) }
        defer { state.sessions[id] = session }
        if moment == .cancel {
            session.isCancelled = true
            return .answer(499)
        }
        if case .forget(let count) = act { session.bytes.removeLast(min(count, session.bytes.count)) }
        guard let range = PieceRange(request.headers["content-range"] ?? "") else {
            return GCSFault.refusal(400, "badRequest", "Failed to parse Content-Range header.")
        }
        if let refusal = take(request.body, range, &session, act) { return refusal }
        guard let total = range.total, total == session.bytes.count else { return progress(of: session) }
        return complete(&session, &state, request.headers["x-goog-hash"], act)
    }

    /// What is there already is ignored; a hole is refused.
    private func take(_ body: [UInt8], _ range: PieceRange, _ session: inout Session, _ act: GCSFault.Act?) -> ScriptedReply? {
        guard let first = range.first else { return nil }
        if range.total == nil, body.count % (256 << 10) != 0 {
            return GCSFault.refusal(400, "invalid", "Pieces but the last have to be multiples of 256 KiB.")
        }
        guard first <= session.bytes.count else { return GCSFault.refusal(400, "badRequest", "Invalid request: there is a hole.") }
        var fresh = Array(body.dropFirst(session.bytes.count - first))
        if case .keepOnly(let count) = act { fresh = Array(fresh.prefix(count)) }
        session.bytes += fresh
        return nil
    }

    private func progress(of session: Session) -> ScriptedReply {
        .answer(308, headers: session.bytes.isEmpty ? [:] : ["Range": "bytes=0-\(session.bytes.count - 1)"])
    }

    private func complete(_ session: inout Session, _ state: inout State, _ hash: String?, _ act: GCSFault.Act?) -> ScriptedReply {
        let isDamaged = if case .damage = act { true } else { false }
        if isDamaged { session.bytes.damage() }
        var object = Object(bytes: session.bytes)
        if !isDamaged, let hash, hash != "crc32c=\(object.checksum)" {
            return GCSFault.refusal(400, "invalid", "Provided CRC32C does not match calculated CRC32C.")
        }
        if let refusal = conflict(session.name, session.generationMatch, state) { return refusal }
        object.describe(session.storageClass, session.kmsKeyName, session.metadata)
        state.store(session.name, object)
        session.object = object
        return described(session.name, state)
    }

    func conflict(_ name: String, _ match: Int64?, _ state: State) -> ScriptedReply? {
        guard let match, match != state.objects[name]?.generation ?? 0 else { return nil }
        return GCSFault.refusal(412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.")
    }
}

extension ScriptedGCS.Object {
    fileprivate mutating func describe(_ storageClass: String?, _ kmsKeyName: String?, _ metadata: [String: String]?) {
        self.storageClass = storageClass ?? "STANDARD"
        self.kmsKeyName = kmsKeyName
        self.metadata = metadata ?? [:]
    }
}

/// `bytes 0-99/*`, `bytes 0-99/100`, `bytes */100`, `bytes */*`.
private struct PieceRange {
    var first: Int?
    var total: Int?

    init?(_ text: String) {
        let parts = text.dropFirst("bytes ".count).split(separator: "/")
        guard text.hasPrefix("bytes "), parts.count == 2 else { return nil }
        total = Int(parts[1])
        first = parts[0] == "*" ? nil : parts[0].split(separator: "-").first.flatMap { Int($0) }
    }
}

extension [UInt8] {
    var checksum: String { Data(Swift.withUnsafeBytes(of: CastagnoliTable.checksum(self).bigEndian) { Array($0) }).base64EncodedString() }

    mutating func damage() {
        if isEmpty { append(0) } else { self[count / 2] ^= 1 }
    }

    func split(around separator: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var rest = self[...]
        while let range = rest.firstRange(of: separator) {
            parts.append(Array(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [Array(rest)]
    }
}
