import FoundationEssentials
import Synchronization

/// Stands in for PagerDuty's Events API v2 and takes every event, for several integrations apart from each other.
package final class ScriptedPagerDuty: Sendable {
    /// What is sent, as far as tests look at it (https://developer.pagerduty.com/docs/events-api-v2-overview).
    package struct Event: Sendable, Decodable {
        package var routingKey: String
        package var eventAction: String
        package var dedupKey: String
        package var payload: Payload?

        /// - Throws: what a decoder finds wrong with it.
        package init(_ request: ScriptedRequest) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Self.self, from: Data(request.body))
        }

        package struct Payload: Sendable, Hashable, Decodable {
            package var summary: String
            package var severity: String
            package var customDetails: Details?
        }

        package struct Details: Sendable, Hashable, Decodable {
            package var cause: String?
            package var remedy: String?
            package var team: String?
            /// The code of the cause that the doctor found.
            package var diagnosis: String?
            /// Everything that is wrong, a line each; the service's own way alone says it.
            package var problems: [String]?
            /// Who was called after the first one, in that order; the service's own way alone says it.
            package var escalatedTo: [String]?
        }
    }

    private struct Inbox {
        var events: [Event] = []
        let stream: AsyncStream<Event>
        let arrival: AsyncStream<Event>.Continuation

        init() { (stream, arrival) = AsyncStream.makeStream() }
    }

    private let inboxes: Mutex<[String: Inbox]>
    private let broken = Mutex<[String]>([])

    fileprivate init(_ integrations: [String]) {
        inboxes = Mutex(Dictionary(uniqueKeysWithValues: integrations.map { ($0, Inbox()) }))
    }

    /// The next event of an integration that was not asked for yet. One task waits at a time.
    package func next(_ integration: String) async -> Event? {
        var events = inboxes.withLock { $0[integration]?.stream }?.makeAsyncIterator()
        return await events?.next()
    }

    /// Every event so far.
    package func events(_ integration: String) -> [Event] { inboxes.withLock { $0[integration]?.events ?? [] } }

    /// Requests that are no event of any integration.
    package var strangers: [String] { broken.withLock { $0 } }

    fileprivate func take(_ request: ScriptedRequest) -> ScriptedReply {
        let integration = request.path.split(separator: "/").first.map(String.init) ?? ""
        guard request.path == "/\(integration)/v2/enqueue", let event = try? Event(request),
            let arrival = note(event, integration)
        else {
            broken.withLock { $0.append("\(request.method) \(request.target) \(request.text)") }
            return .answer(400, "{}")
        }
        arrival.yield(event)
        return .answer(202, headers: ["Content-Type": "application/json"], #"{"status":"success"}"#)
    }

    private func note(_ event: Event, _ integration: String) -> AsyncStream<Event>.Continuation? {
        inboxes.withLock { inboxes in
            inboxes[integration]?.events.append(event)
            return inboxes[integration]?.arrival
        }
    }
}

/// Runs `body` with a PagerDuty of these integrations.
/// - Parameter body: is given it, and the URL that events of an integration go to.
package func withPagerDuty<Value: Sendable>(
    _ integrations: [String], _ body: (ScriptedPagerDuty, _ url: (String) -> String) async throws -> Value
) async throws -> Value {
    let pagerDuty = ScriptedPagerDuty(integrations)
    return try await withScriptedHTTP({ pagerDuty.take($0) }) { server in
        try await body(pagerDuty) { "\(server.url)/\($0)/v2/enqueue" }
    }
}
