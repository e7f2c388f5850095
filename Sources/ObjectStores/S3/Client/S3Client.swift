import BackupModel
import FoundationEssentials
import NIOCore
import NIOHTTP1
import Synchronization

/// Signs requests, sends them, and tries again what may be tried again.
struct S3Client: Sendable {
    let address: S3Address
    let region: String
    /// For messages.
    let name: String
    let credentials: any AWSCredentialSource
    let transport: any HTTPTransport
    let retrier: Retrier
    let now: @Sendable () -> Instant
    /// Nothing is tried again, nor is the retrier told how it went.
    var isImpatient = false

    /// - Parameters:
    ///   - expecting: statuses besides 2xx that mean something to the caller and are returned.
    ///   - tolerating: S3's words that do.
    /// - Throws: `BackupError` for every other answer, and when there was none; `CancellationError`.
    func send(_ request: S3Request, expecting: Set<Int> = [], tolerating: Set<String> = []) async throws -> HTTPAnswer {
        var request = request
        if request.payloadHash == nil { request.payloadHash = request.body.sha256.hexadecimal }
        let prepared = request
        let renewal = Renewal()
        if isImpatient { return try await attempt(prepared, expecting: expecting, tolerating: tolerating, renewal).get() }
        return try await retrier.run { _ in try await attempt(prepared, expecting: expecting, tolerating: tolerating, renewal) }
    }

    /// One attempt, and what is to come of it. An error that comes of a failed connection has the failure, with what arrived, for its cause.
    /// - Parameter refused: is told the status of an answer that is an error.
    func attempt(
        _ request: S3Request, expecting: Set<Int>, tolerating: Set<String> = [], _ renewal: Renewal, refused: (Int) -> Void = { _ in }
    ) async throws -> Retrier.Attempt<HTTPAnswer> {
        let credentials = try await credentials.credentials()
        do {
            let answer = try await transport.send(call(for: request, credentials))
            if answer.isSuccess || expecting.contains(answer.status) { return .done(answer) }
            let spoken = try await withWords(answer, request, credentials)
            if tolerating.contains(spoken.refusal.code) { return .done(answer) }
            refused(answer.status)
            return try await judge(spoken, request, credentials, renewal)
        } catch let failure as HTTPFailure {
            let error = S3Failure.error(failure, request, self)
            guard failure.isTransient else { throw error }
            return .failed(.transient, error)
        }
    }

    private func judge(
        _ said: Refused, _ request: S3Request, _ credentials: AWSCredentials, _ renewal: Renewal
    ) async throws -> Retrier.Attempt<HTTPAnswer> {
        let error = S3Failure.error(said.refusal, said.answer, request, credentials, self)
        if said.refusal.saysExpired, renewal.begin() {
            await self.credentials.invalidate()
            return .failed(.transient, error)
        }
        guard let reason = said.refusal.retryReason(said.answer, now: now()) else { throw error }
        return .failed(reason, error)
    }

    private struct Refused {
        var answer: HTTPAnswer
        var refusal: S3Refusal
    }

    /// The answer to a HEAD has no words. A GET of one byte is refused for the same reason, and says it.
    private func withWords(_ answer: HTTPAnswer, _ request: S3Request, _ credentials: AWSCredentials) async throws -> Refused {
        let mute = Refused(answer: answer, refusal: S3Refusal(answer))
        guard request.operation == .head, mute.refusal.code.isEmpty, (400..<500).contains(answer.status) else { return mute }
        var question = S3Request(.get, request.key, headers: [("range", "bytes=0-0")])
        question.payloadHash = request.payloadHash
        let spoken = try await transport.send(call(for: question, credentials))
        return spoken.isSuccess ? mute : Refused(answer: spoken, refusal: S3Refusal(spoken))
    }

    private func call(for request: S3Request, _ credentials: AWSCredentials) -> HTTPCall {
        let signature = SignatureV4(region: region, credentials: credentials, time: now())
        let hash = request.payloadHash ?? request.body.sha256.hexadecimal
        var headers = request.headers
        headers += [("host", address.host), ("x-amz-date", signature.timestamp), ("x-amz-content-sha256", hash)]
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token.reveal())) }
        let path = address.path(to: request.key)
        let subject = SignatureV4.Subject(
            method: request.operation.method.rawValue, path: path, query: request.query, headers: headers, payloadHash: hash)
        headers.append(("authorization", signature.authorization(for: subject)))
        let query = SignatureV4.Subject.queryString(request.query)
        var call = HTTPCall(
            request.operation.method, address.origin + path + (query.isEmpty ? "" : "?\(query)"), headers: HTTPHeaders(headers),
            body: request.body, answerLimit: request.answerLimit)
        call.stallLimit = request.stallLimit
        return call
    }
}

/// New credentials are asked for once in an operation: a server that calls fresh ones expired has another trouble.
final class Renewal: Sendable {
    private let begun = Atomic(false)

    func begin() -> Bool { !begun.exchange(true, ordering: .relaxed) }
}
