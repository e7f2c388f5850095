/// Why a backup is doubted although its files are whole: it is much smaller or larger than those before it, or showed that they do not hold what they
/// seemed to.
///
/// A doubted backup is kept and shown as such until somebody who knows the reason accepts it.
package struct Suspicion: Sendable, Equatable {
    /// One sentence each: what has shrunk or grown, from what to what, since which backup.
    package var reasons: [String]
    /// Nil as long as nobody has said that it is as it should be.
    package var accepted: Acceptance?
    package var unknown = UnknownFields()

    package init(reasons: [String], accepted: Acceptance? = nil) {
        self.reasons = reasons
        self.accepted = accepted
    }

    package struct Acceptance: Sendable, Equatable, Codable {
        package var at: Instant
        /// In the words of whoever accepted it.
        package var reason: String?

        package init(at: Instant, reason: String? = nil) {
            self.at = at
            self.reason = reason
        }
    }
}

extension Suspicion: Codable {
    private enum CodingKeys: CodingKey { case reasons, accepted }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        reasons = try fields.decode([String].self, forKey: .reasons)
        accepted = try fields.decodeIfPresent(Acceptance.self, forKey: .accepted)
        unknown = try UnknownFields(besides: CodingKeys.self, in: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try unknown.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(reasons, forKey: .reasons)
        try fields.encodeIfPresent(accepted, forKey: .accepted)
    }
}
