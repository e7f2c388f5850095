/// From when on the state of things is worth a word.
package struct HealthLimits: Sendable, Equatable {
    /// How long a run may stand still before it counts as stalled.
    package var stall: Duration
    /// How old the last proof of a target may become; nil where nothing is proved on a schedule.
    package var proof: Duration?
    /// How long an alert may wait for its channel to take it.
    package var delivery: Duration

    package init(stall: Duration = .seconds(900), proof: Duration? = .seconds(14 * 86_400), delivery: Duration = .seconds(900)) {
        self.stall = stall
        self.proof = proof
        self.delivery = delivery
    }
}
