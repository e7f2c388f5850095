import FoundationEssentials

extension ScriptedGCS {
    func objects(_ request: ScriptedRequest, _ moment: GCSFault.Moment, _ state: inout State) -> ScriptedReply {
        if moment == .list { return list(request, state) }
        let name = request.path.split(separator: "/").last.map { String($0).withoutEscapes } ?? ""
        if moment == .delete, let old = oldVersion(name, request, state) { return delete(old, of: name, &state) }
        if moment == .media, let old = oldVersion(name, request, state) { return media(old, request) }
        guard let object = state.objects[name], request.queryItems["generation"].map({ $0 == "\(object.generation)" }) ?? true else {
            return GCSFault.refusal(404, "notFound", "No such object: \(bucket)/\(name)")
        }
        switch moment {
        case .delete: return delete(name, object, request, &state)
        case .media: return media(object, request)
        case .patch: return liftRetention(of: name, request, &state)
        default: return described(name, state)
        }
    }

    private func delete(_ name: String, _ object: Object, _ request: ScriptedRequest, _ state: inout State) -> ScriptedReply {
        if let refusal = conflict(name, Int64(request.queryItems["ifGenerationMatch"] ?? ""), state) { return refusal }
        let isKept = state.noncurrent != nil && request.queryItems["generation"] == nil
        if !isKept, let refusal = lock(name, state) { return refusal }
        state.objects[name] = nil
        if isKept { state.noncurrent?[name, default: []].append(object) }
        return .answer(204)
    }

    private func oldVersion(_ name: String, _ request: ScriptedRequest, _ state: State) -> Object? {
        state.noncurrent?[name]?.first { "\($0.generation)" == request.queryItems["generation"] }
    }

    private func delete(_ old: Object, of name: String, _ state: inout State) -> ScriptedReply {
        if let refusal = lock(old, name) { return refusal }
        state.noncurrent?[name]?.removeAll { $0.generation == old.generation }
        return .answer(204)
    }

    /// Why it can be neither deleted nor replaced.
    func lock(_ name: String, _ state: State) -> ScriptedReply? { state.objects[name].flatMap { lock($0, name) } }

    private func lock(_ object: Object, _ name: String) -> ScriptedReply? {
        if object.temporaryHold {
            return GCSFault.refusal(403, "objectUnderActiveHold", "Object '\(bucket)/\(name)' is under active Temporary hold.")
        }
        return object.retainedUntil.map { end in
            GCSFault.refusal(
                403, "retentionPolicyNotMet",
                "Object '\(bucket)/\(name)' is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until \(end)."
            )
        }
    }

    private func liftRetention(of name: String, _ request: ScriptedRequest, _ state: inout State) -> ScriptedReply {
        guard request.queryItems["overrideUnlockedRetention"] == "true", request.text == #"{"retention": null}"# else {
            return GCSFault.refusal(403, "forbidden", "The retention cannot be shortened without overrideUnlockedRetention.")
        }
        state.objects[name]?.retainedUntil = nil
        return described(name, state)
    }

    private func media(_ object: Object, _ request: ScriptedRequest) -> ScriptedReply {
        let headers = ["X-Goog-Generation": "\(object.generation)", "X-Goog-Hash": "crc32c=\(object.checksum)"]
        guard let range = request.headers["range"]?.split(separator: "=").last?.split(separator: "-").map({ Int($0) ?? 0 }),
            range.count == 2
        else { return .answer(200, headers: headers, body: object.bytes) }
        guard range[0] < object.bytes.count else { return .answer(416) }
        let last = min(range[1], object.bytes.count - 1)
        let place = "bytes \(range[0])-\(last)/\(object.bytes.count)"
        return .answer(206, headers: headers.merging(["Content-Range": place]) { $1 }, body: Array(object.bytes[range[0]...last]))
    }

    private func list(_ request: ScriptedRequest, _ state: State) -> ScriptedReply {
        let query = request.queryItems
        let prefix = query["prefix"] ?? ""
        let matching = state.objects.keys.sorted().filter { name in
            name.hasPrefix(prefix) && (query["delimiter"] != "/" || !name.dropFirst(prefix.count).contains("/"))
        }
        let begin =
            query["pageToken"].flatMap { token in matching.firstIndex { $0 > token } } ?? (query["pageToken"] == nil ? 0 : matching.count)
        let page = matching[begin..<min(begin + pageSize, matching.count)]
        let current = page.compactMap { name in state.objects[name].map { description(name, $0) } }
        let old = (query["versions"] == "true" ? state.noncurrent ?? [:] : [:]).filter { $0.key.hasPrefix(prefix) }
        let items = (current + old.flatMap { name, objects in objects.map { description(name, $0) } }).joined(separator: ", ")
        let next = page.endIndex < matching.count ? #", "nextPageToken": "\#(page.last ?? "")""# : ""
        return .answer(200, headers: ["Content-Type": "application/json"], #"{"items": [\#(items)]\#(next)}"#)
    }

    func described(_ name: String, _ state: State) -> ScriptedReply {
        guard let object = state.objects[name] else { return .answer(404) }
        return .answer(200, headers: ["Content-Type": "application/json"], description(name, object))
    }

    private func description(_ name: String, _ object: Object) -> String {
        let metadata = object.metadata.map { #""\#($0)": "\#($1)""# }.joined(separator: ", ")
        var fields = [
            #""name": "\#(name)""#, #""size": "\#(object.bytes.count)""#, #""generation": "\#(object.generation)""#,
            #""crc32c": "\#(object.checksum)""#, #""timeCreated": "2026-02-14T02:00:00.000Z""#,
            #""storageClass": "\#(object.storageClass)""#, #""metadata": {\#(metadata)}"#,
        ]
        if let key = object.kmsKeyName { fields.append(#""kmsKeyName": "\#(key)""#) }
        if let end = object.retainedUntil { fields.append(#""retentionExpirationTime": "\#(end)""#) }
        if object.temporaryHold { fields.append(#""temporaryHold": true"#) }
        return "{\(fields.joined(separator: ", "))}"
    }
}
