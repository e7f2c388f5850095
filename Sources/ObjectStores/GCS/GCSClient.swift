import BackupModel
import NIOHTTP1

/// Speaks Cloud Storage's JSON API: signs requests in, asks again what may be asked again, and turns refusals into errors.
struct GCSClient: Sendable {
    let location: GCSLocation
    let credentials: any GoogleCredentialSource
    let transport: any HTTPTransport
    let retrier: Retrier
    let now: @Sendable () -> Instant

    /// Sends until there is an answer that another attempt would not change. Only for what may happen twice without harm: reads, deletions, and
    /// writes under a precondition.
    /// - Throws: `BackupError` when there is none, and for a credential that is refused twice.
    func send(_ operation: GCSOperation, _ call: HTTPCall) async throws -> HTTPAnswer {
        try await sendCounting(operation, call).answer
    }

    /// The same, with the number of attempts that failed before: what they did is not known.
    func sendCounting(_ operation: GCSOperation, _ call: HTTPCall) async throws -> (answer: HTTPAnswer, failures: Int) {
        try await retrier.run { failures in
            switch try await attempt(operation, call) {
            case .done(let answer): .done((answer, failures))
            case .failed(let reason, let error): .failed(reason, error)
            }
        }
    }

    /// One attempt; a second one at once when the credentials turn out to have expired.
    func attempt(_ operation: GCSOperation, _ call: HTTPCall) async throws -> Retrier.Attempt<HTTPAnswer> {
        do {
            var answer = try await transport.send(try await signed(call))
            if answer.status == 401, let renewed = try await renewed(call) { answer = try await transport.send(renewed) }
            return await classified(answer, operation)
        } catch let failure as HTTPFailure {
            let error = error(of: failure, operation)
            guard failure.isTransient else { throw error }
            return .failed(.transient, error)
        }
    }

    private func classified(_ answer: HTTPAnswer, _ operation: GCSOperation) async -> Retrier.Attempt<HTTPAnswer> {
        if answer.isSuccess || answer.status == 308 { return .done(answer) }
        let refusal = GCSRefusal(answer)
        if refusal.asksToSlowDown {
            return .failed(.slowDown(retryAfter: answer.retryAfter(now: now())), await error(of: answer, operation))
        }
        return refusal.isTransient ? .failed(.transient, await error(of: answer, operation)) : .done(answer)
    }

    /// Nil where there is nothing to renew: the refusal of who was shown no credentials is its last word.
    private func renewed(_ call: HTTPCall) async throws -> HTTPCall? {
        await credentials.invalidate()
        let renewed = try await signed(call)
        return renewed.headers.contains(name: "Authorization") ? renewed : nil
    }

    private func signed(_ call: HTTPCall) async throws -> HTTPCall {
        guard let token = try await credentials.token() else { return call }
        var call = call
        call.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token.token.reveal())")
        if let project = token.quotaProject { call.headers.replaceOrAdd(name: "X-Goog-User-Project", value: project) }
        return call
    }

    func error(of answer: HTTPAnswer, _ operation: GCSOperation) async -> BackupError {
        GCSRefusal(answer).error(operation, in: location, source: await credentials.place(), skew: answer.clockLead(over: now()))
    }

    private func error(of failure: HTTPFailure, _ operation: GCSOperation) -> BackupError {
        let (words, hint) = meaning(of: failure)
        return BackupError(
            failure.kind == .stalled ? .stalled : .storeFailed, "\(operation.attempt(in: location.name)): \(words)", hint: hint,
            cause: nil, obstacle: [.unreachable, .barred].contains(failure.kind) ? .unreachable : nil)
    }

    private func meaning(of failure: HTTPFailure) -> (words: String, hint: String?) {
        let place = location.endpoint
        return switch failure.kind {
        case .unreachable, .barred:
            ("\(place) cannot be reached: \(failure)", "Check the network, the proxy settings and the name of the server.")
        case .untrusted:
            ("\(place): \(failure)", "Check the certificates this host trusts, and whether something in between opens TLS.")
        case .withoutTLS:
            ("\(place) does not speak TLS; the endpoint may be http://", "Mend STORAGE_EMULATOR_HOST: http:// instead of https://.")
        case .stalled, .brokenOff, .oversized, .garbled: ("\(failure) at \(place)", nil)
        }
    }
}

extension GCSClient {
    /// What is said of the object, or nil when there is none.
    func facts(_ key: String) async throws -> GCSObject? {
        let answer = try await send(.read(key), HTTPCall(.GET, location.object(key)))
        if answer.status == 404 { return nil }
        guard answer.isSuccess else { throw await error(of: answer, .read(key)) }
        return try answer.decoded(as: GCSObject.self, from: location.name)
    }

    /// Removes what the write with that mark made, if it made anything; what somebody else stored meanwhile stays.
    func remove(_ key: String, madeBy mark: String) async throws {
        guard let object = try await facts(key), object.upload == mark else { return }
        try await delete(key, generation: object.generation)
    }

    /// Removes one generation, or whatever is there.
    func delete(_ key: String, generation: Int64? = nil) async throws {
        let query = generation.map { [("generation", "\($0)"), ("ifGenerationMatch", "\($0)")] } ?? []
        let answer = try await send(.delete(key), HTTPCall(.DELETE, location.object(key, query)))
        guard answer.isSuccess || answer.status == 404 else { throw await error(of: answer, .delete(key)) }
    }
}
