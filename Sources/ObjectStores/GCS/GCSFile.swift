import BackupModel
import NIOHTTP1

/// One generation of an object, read by ranges: what is written under its name meanwhile is never mixed in.
struct GCSFile: RandomAccessBytes {
    let client: GCSClient
    let key: String
    let object: GCSObject

    var byteCount: Int64 { object.size }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard let bytes = try await readIfUnchanged(at: offset, count: count) else {
            throw BackupError(
                .storeFailed, "\(key) in \(client.location.name) was deleted or replaced while it was read",
                hint: "See what is there now with `call-center-admin db list`.")
        }
        return bytes
    }

    /// Nil when the generation is not there any more.
    func readIfUnchanged() async throws -> [UInt8]? { try await readIfUnchanged(at: 0, count: Int(clamping: byteCount)) }

    private func readIfUnchanged(at offset: Int64, count: Int) async throws -> [UInt8]? {
        try require(count, at: offset, of: "\(key) in \(client.location.name)")
        guard count > 0 else { return [] }
        guard let bytes = try await range(offset, count) else { return nil }
        if count == Int(byteCount) { try check(bytes) }
        return bytes
    }

    /// All of the range in one answer; what a connection that breaks off has brought is asked for again.
    private func range(_ offset: Int64, _ count: Int) async throws -> [UInt8]? {
        try await client.retrier.run { _ in
            switch try await client.attempt(.read(key), call(offset, count)) {
            case .done(let answer): .done(try await bytes(of: answer, offset, count))
            case .failed(let reason, let error): .failed(reason, error)
            }
        }
    }

    private func call(_ offset: Int64, _ count: Int) -> HTTPCall {
        var headers: HTTPHeaders = ["Range": "bytes=\(offset)-\(offset + Int64(count) - 1)"]
        // Without it Cloud Storage unpacks what was uploaded with a content encoding, and ranges and sums mean something else.
        if object.contentEncoding != nil { headers.add(name: "Accept-Encoding", value: "gzip") }
        let url = client.location.object(key, [("alt", "media"), ("generation", "\(object.generation)")])
        // An answer that ignores the range may be the whole object, one that refuses may be a page of words.
        return HTTPCall(.GET, url, headers: headers, answerLimit: max(count, Int(clamping: min(byteCount, 64 << 20)), 1 << 16))
    }

    private func bytes(of answer: HTTPAnswer, _ offset: Int64, _ count: Int) async throws -> [UInt8]? {
        switch answer.status {
        case 206:
            let expected = "bytes \(offset)-\(offset + Int64(count) - 1)/\(byteCount)"
            guard answer.body.count == count, answer.headers.first(name: "content-range") == expected else {
                throw wrong(
                    "\(answer.headers.first(name: "content-range") ?? "no range") with \(answer.body.count.counted("byte"))", expected)
            }
            return answer.body
        case 200 where Int64(answer.body.count) == byteCount: return Array(answer.body[Int(offset)..<Int(offset) + count])
        case 200: throw wrong("\(answer.body.count.counted("byte"))", "\(byteCount.counted("byte"))")
        case 404: return nil
        default: throw await client.error(of: answer, .read(key))
        }
    }

    private func wrong(_ got: String, _ expected: String) -> BackupError {
        BackupError(.storeFailed, "\(client.location.name) answered with \(got) of \(key), where \(expected) was asked for")
    }

    /// Google keeps a sum of the whole object only.
    private func check(_ bytes: [UInt8]) throws {
        guard let expected = object.crc32c, object.contentEncoding == nil else { return }
        let found = CRC32C(of: bytes).base64
        guard found == expected else {
            throw BackupError(
                .storeFailed, "\(key) arrived damaged from \(client.location.name): CRC32C \(found), and Cloud Storage has \(expected)",
                hint: "Try again; if it happens again, something on the way changes what passes.")
        }
    }
}
