package import BackupModel

/// What is to become of every backup of one store, and why.
package struct RetentionPlan: Sendable, Equatable {
    /// Newest first, by the time their manifests record.
    package var decisions: [Decision]
    /// Why nothing is removed of the whole store, or of a part of it; one sentence each.
    package var freezes: [Freeze]

    package init(decisions: [Decision] = [], freezes: [Freeze] = []) {
        self.decisions = decisions
        self.freezes = freezes
    }

    package struct Decision: Sendable, Equatable {
        package var id: RecoveryPointID
        package var isKept: Bool
        /// Never empty.
        package var reasons: [String]
        /// Kept by rules alone, which may be changed: it is not among the last verified, not pinned, and nothing is frozen.
        package var isSpendable = false
    }

    package struct Freeze: Sendable, Equatable {
        package var reason: String
        /// What ends it.
        package var hint: String
    }

    package var removed: [RecoveryPointID] { decisions.filter { !$0.isKept }.map(\.id) }
}
