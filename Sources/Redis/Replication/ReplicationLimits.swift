/// How long a primary may keep us waiting for a copy.
package struct ReplicationLimits: Sendable, Equatable {
    /// Without a single byte, in every phase.
    package var stall: Duration
    /// From the request to the copy's first byte: other saves have to end, the fork has to be made, a primary that writes to its disk first has to
    /// finish that. It sends line feeds meanwhile, which are bytes, so the stall limit alone would never end it.
    package var preparation: Duration
    /// From the request to the copy's last byte; nil: no bound.
    package var whole: Duration?

    package init(stall: Duration = .seconds(900), preparation: Duration = .seconds(3600), whole: Duration? = nil) {
        self.stall = stall
        self.preparation = preparation
        self.whole = whole
    }
}
