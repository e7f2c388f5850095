import BackupModel
import NIOCore
import NIOHTTP1

/// How the endpoints are asked that hand out credentials: those on this host or beside it, which answer at once or not at all, and those out in
/// the network. Neither follows redirects, so a token does not wander to another host.
struct Endpoints: Sendable {
    /// Metadata services; never by a proxy.
    var near: any HTTPTransport
    /// Token services.
    var remote: any HTTPTransport
    private let retrier: Retrier

    init(near: any HTTPTransport, remote: any HTTPTransport, clock: some Clock<Duration>) {
        self.near = near
        self.remote = remote
        var policy = RetryPolicy()
        policy.attempts = 4
        policy.longestWait = .seconds(5)
        retrier = Retrier(policy, clock: clock)
    }

    /// - Parameters:
    ///   - options: for the network; what is near takes none of them.
    ///   - patience: how long an endpoint near this host may take.
    init(options: HTTPOptions, patience: Duration, clock: some Clock<Duration>) throws {
        var near = HTTPOptions()
        near.connectLimit = patience
        near.stallLimit = patience
        self.init(near: try NetworkTransport(near), remote: try NetworkTransport(options), clock: clock)
    }

    /// Asks, again when the endpoint is busy or the connection breaks.
    /// - Throws: `CredentialRefusal` when there is no answer; any other status is one.
    func ask(_ transport: any HTTPTransport, _ call: HTTPCall) async throws -> HTTPAnswer {
        try await retrier.run { _ in
            let answer: HTTPAnswer
            do { answer = try await transport.send(call) } catch let failure as HTTPFailure {
                let refusal = CredentialRefusal("\(call.url) gave no answer: \(failure)")
                guard failure.isTransient else { throw refusal }
                return .failed(.transient, refusal)
            }
            guard answer.status >= 500 || answer.status == 429 else { return .done(answer) }
            let refusal = CredentialRefusal("\(call.url) answered with status \(answer.status)")
            return .failed(answer.status == 500 ? .transient : .slowDown(retryAfter: nil), refusal)
        }
    }
}

extension HTTPCall {
    /// A small question; what comes back is no more than a document of credentials.
    static func question(_ method: HTTPMethod = .GET, _ url: String, headers: HTTPHeaders = [:], form: String? = nil) -> HTTPCall {
        var headers = headers
        if form != nil { headers.replaceOrAdd(name: "Content-Type", value: "application/x-www-form-urlencoded") }
        return HTTPCall(method, url, headers: headers, body: .init(string: form ?? ""), answerLimit: 1 << 20)
    }
}
