/// A way to tell people.
package protocol AlertChannel: Sendable {
    /// Stable: what is waiting for it is kept under this name. No secrets.
    var name: String { get }

    /// Returns when the other side has taken it.
    func deliver(_ parcel: AlertParcel) async throws(DeliveryFailure)
}

/// What is handed to a channel, once.
package struct AlertParcel: Sendable, Equatable {
    /// The same when it is handed over again because nobody knows whether it arrived.
    package var id: String
    package var content: Content

    package enum Content: Sendable, Equatable, Codable {
        case alert(AlertMessage)
        case heartbeat(Heartbeat)
    }

    package init(id: String, content: Content) {
        self.id = id
        self.content = content
    }
}

/// Why a parcel was not taken.
package struct DeliveryFailure: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// It will never be taken as it is: trying again is of no use.
        case refused
        /// It may be taken later, and not before that when the other side said so.
        case later(Duration?)
    }

    package var kind: Kind
    /// Lowercase, without secrets.
    package var reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}
