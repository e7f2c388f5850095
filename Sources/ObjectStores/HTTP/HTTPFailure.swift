/// Why there was no whole answer. Answers of any status are no failures here.
struct HTTPFailure: Error, Sendable {
    enum Kind: Sendable, Equatable {
        /// The request has certainly not reached a server.
        case unreachable
        /// Nor has this one: the proxy on the way wants credentials of its own, and will want them again.
        case barred
        /// The server's certificate was not accepted, or it did not accept us.
        case untrusted
        /// Whoever listens there does not speak TLS.
        case withoutTLS
        /// No byte moved for as long as is allowed.
        case stalled
        /// The connection ended before the answer did.
        case brokenOff
        /// The answer is longer than it may be.
        case oversized
        /// What came was no HTTP, or the request cannot be sent as it is.
        case garbled
    }

    var kind: Kind
    /// Lowercase, to stand behind a colon.
    var reason: String
    /// What had arrived of the answer; its body is as long as it came.
    var partial: HTTPAnswer?

    /// Another attempt may go better.
    var isTransient: Bool {
        switch kind {
        case .unreachable, .stalled, .brokenOff: true
        case .barred, .untrusted, .withoutTLS, .oversized, .garbled: false
        }
    }
}

extension HTTPFailure: CustomStringConvertible {
    var description: String { reason }
}
