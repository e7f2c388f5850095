/// Somebody wants a backup kept for good, whatever the rules say.
package struct Pin: Sendable, Equatable, Codable {
    package var at: Instant
    /// In the words of whoever pinned it.
    package var reason: String?

    package init(at: Instant, reason: String? = nil) {
        self.at = at
        self.reason = reason
    }
}
