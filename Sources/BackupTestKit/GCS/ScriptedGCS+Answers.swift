import Synchronization

extension ScriptedGCS {
    /// What the request is in the protocol.
    func moment(of request: ScriptedRequest) -> GCSFault.Moment {
        let query = request.queryItems
        if request.path == "/token" { return .token }
        if request.path.hasPrefix("/computeMetadata/") { return .metadata }
        if query["upload_id"] != nil {
            if request.method == "DELETE" { return .cancel }
            let range = request.headers["content-range"] ?? ""
            if range.hasPrefix("bytes */") { return .query }
            return range.hasSuffix("/*") ? .piece : .lastPiece
        }
        if request.path.hasPrefix("/upload/") { return query["uploadType"] == "resumable" ? .begin : .document }
        switch (request.method, request.path.hasSuffix("/o")) {
        case ("DELETE", _): return .delete
        case ("PATCH", _): return .patch
        case (_, true): return .list
        default: return request.path.contains("/o/") ? (query["alt"] == "media" ? .media : .facts) : .bucket
        }
    }

    func early(_ request: ScriptedRequest) -> ScriptedReply? {
        let moment = moment(of: request)
        let act = state.withLock { state in
            state.fault(at: moment) { if case .early = $0 { true } else { false } }
        }
        guard case .early(let reply)? = act else { return nil }
        state.withLock { $0.log.append("\(moment)") }
        return reply
    }

    func respond(to request: ScriptedRequest) -> ScriptedReply {
        let moment = moment(of: request)
        return state.withLock { state in
            state.log.append("\(moment)")
            let act = state.fault(at: moment) { if case .early = $0 { false } else { true } }
            switch act {
            case .instead(let reply): return reply
            case .afterwards(let reply):
                _ = answer(request, moment, &state, nil)
                return reply
            case .changed(let change):
                guard case .answer(let status, var headers, var body) = answer(request, moment, &state, nil) else { return .close }
                change(&headers, &body)
                return .answer(status, headers: headers, body: body)
            case .overtaken:
                state.store(name(in: request, state), Object(bytes: Array("somebody else's".utf8)))
                return answer(request, moment, &state, nil)
            case .loseSession:
                state.sessions[request.queryItems["upload_id"] ?? ""] = nil
                return answer(request, moment, &state, nil)
            case .keepOnly, .forget, .damage, .regardless, .early, nil: return answer(request, moment, &state, act)
            }
        }
    }

    private func name(in request: ScriptedRequest, _ state: State) -> String {
        state.sessions[request.queryItems["upload_id"] ?? ""]?.name ?? documentParts(request)?.facts.name ?? ""
    }

    private func answer(_ request: ScriptedRequest, _ moment: GCSFault.Moment, _ state: inout State, _ act: GCSFault.Act?) -> ScriptedReply
    {
        switch moment {
        case .token: return issueToken(request, &state)
        case .metadata: return metadataToken(request, &state)
        default: break
        }
        if wantsTokens {
            let token = (request.headers["authorization"] ?? "").dropFirst("Bearer ".count)
            guard state.tokens.contains(String(token)) else {
                return GCSFault.refusal(401, "authError", "Invalid Credentials")
            }
        }
        guard request.path.split(separator: "/").contains(Substring(bucket)) || request.queryItems["upload_id"] != nil else {
            return GCSFault.refusal(404, "notFound", "The specified bucket does not exist.")
        }
        switch moment {
        case .document: return storeDocument(request, &state, act)
        case .begin: return begin(request, &state)
        case .piece, .lastPiece, .query, .cancel: return continueUpload(request, moment, &state, act)
        case .facts, .media, .list, .delete, .patch: return objects(request, moment, &state)
        case .bucket: return .answer(200, headers: ["Content-Type": "application/json"], state.bucketFacts)
        case .token, .metadata: return .close
        }
    }
}

extension ScriptedRequest {
    /// Decoded.
    var queryItems: [String: String] {
        let pairs = query.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
        return Dictionary(
            pairs.map { (String($0[0]), $0.count > 1 ? String($0[1]).withoutEscapes : "") }, uniquingKeysWith: { $1 })
    }
}

extension String {
    var withoutEscapes: String {
        let parts = split(separator: "%", omittingEmptySubsequences: false)
        let rest = parts.dropFirst().flatMap { part -> [UInt8] in
            let escaped = UInt8(part.prefix(2), radix: 16) ?? 0
            return [escaped] + Array(part.dropFirst(2).utf8)
        }
        return String(decoding: Array(parts[0].utf8) + rest, as: UTF8.self)
    }
}
