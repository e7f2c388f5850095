/// From when on the state of things is worth a word.
package struct HealthLimits: Sendable, Equatable {
    /// How long a run may stand still before it counts as stalled.
    package var stall: Duration
    /// How old the last proof of a target may become; nil where nothing is proved on a schedule.
    package var proof: Duration?

    package init(stall: Duration = .seconds(900), proof: Duration? = .seconds(14 * 86_400)) {
        self.stall = stall
        self.proof = proof
    }
}
