import BackupModel
import NIOHTTP1
import Synchronization

/// An object open for reading at any place. Every answer is held against what was opened: its range, its length and its entity tag.
struct S3Object: RandomAccessBytes {
    let key: String
    let facts: S3Facts
    let client: S3Client

    var byteCount: Int64 { facts.bytes }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        try require(count, at: offset, of: "\(key) in \(client.name)")
        guard count > 0 else { return [] }
        return try await client.readRange(of: key, at: offset, count: count, facts)
    }
}

extension S3Client {
    /// Reads a range, and what is missing of it again when the connection breaks off on the way.
    func readRange(of key: String, at offset: Int64, count: Int, _ facts: S3Facts) async throws -> [UInt8] {
        let arrived = Mutex<[UInt8]>([])
        let renewal = Renewal()
        return try await retrier.run { _ in
            let place = offset + Int64(arrived.withLock { $0.count })
            let request = rangeRequest(key, from: place, to: offset + Int64(count), facts)
            let attempt = try await attempt(request, expecting: [412], renewal)
            if let answer = attempt.arrivedAnswer {
                try verify(answer, request, place, facts)
                // What comes in one piece, as nearly everything does, is not copied.
                if answer.body.count == count { return .done(answer.body) }
                arrived.withLock { $0.append(contentsOf: answer.body) }
            }
            let bytes = arrived.withLock { $0 }
            if bytes.count == count { return .done(bytes) }
            if case .failed(let reason, let error) = attempt { return .failed(reason, error) }
            return .failed(.transient, shortened(key, bytes.count, count))
        }
    }

    private func rangeRequest(_ key: String, from place: Int64, to end: Int64, _ facts: S3Facts) -> S3Request {
        var request = S3Request(.get, key, headers: [("range", "bytes=\(place)-\(end - 1)")])
        if !facts.tag.isEmpty { request.headers.append(("if-match", facts.tag)) }
        request.payloadHash = SHA256Hash.ofNothing
        request.answerLimit = Int(end - place)
        return request
    }

    private func verify(_ answer: HTTPAnswer, _ request: S3Request, _ place: Int64, _ facts: S3Facts) throws {
        let tag = answer.headers.first(name: "etag")
        if answer.status == 412 || (!facts.tag.isEmpty && tag != nil && tag != facts.tag) {
            throw BackupError(
                .storeFailed, "\(request.key ?? "") in \(name) was changed while it was read",
                hint: "Run this again; if it happens again, find out who writes there.")
        }
        let range = answer.headers.first(name: "content-range")
        // Servers that do not know ranges send all of it.
        if answer.status == 200, place == 0, range == nil, Int64(request.answerLimit) == facts.bytes { return }
        // 206 it should be; `rclone serve s3` says 200 and sends the range.
        guard let range, range.hasPrefix("bytes \(place)-"), range.hasSuffix("/\(facts.bytes)") else {
            let what = "\(answer.status) with the range “\(range ?? "none")” for byte \(place) of \(facts.bytes)"
            throw S3Failure.nonsense(S3XML.Unexpected(description: what), request, self)
        }
    }

    private func shortened(_ key: String, _ got: Int, _ count: Int) -> BackupError {
        BackupError(
            .storeFailed, "cannot read \(key) in \(name): \(got.counted("byte")) came of \(count.grouped)",
            hint: "Check the server's disk and log; another copy of the backup may be whole.")
    }
}

extension Retrier.Attempt<HTTPAnswer> {
    /// The answer, or what had come of it when the connection broke off.
    fileprivate var arrivedAnswer: HTTPAnswer? {
        switch self {
        case .done(let answer): return answer
        case .failed(_, let error):
            let partial = ((error as? BackupError)?.cause as? HTTPFailure)?.partial
            return partial.flatMap { $0.isSuccess ? $0 : nil }
        }
    }
}
