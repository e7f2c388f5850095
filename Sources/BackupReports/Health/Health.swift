import BackupModel

/// Whether the data is safe, in one sentence, and why not.
package struct Health: Sendable, Equatable {
    package enum Level: String, Sendable, Codable, CaseIterable {
        case good
        case warning
        case critical
        /// Nothing was ever backed up: not yet, or in vain. Its reasons tell which.
        case never
    }

    package let level: Level
    /// Whole, with its full stop.
    package let sentence: Bilingual
    /// The cause first, then what comes of it.
    package let reasons: [Reason]

    /// Pure: the same facts give the same health.
    package init(_ facts: ServiceFacts) {
        let reasons = HealthRules(facts: facts).findings.map { Reason($0, asOf: facts.now) }
        level = Self.level(facts, reasons)
        sentence = HealthSentence(facts: facts, level: level, reasons: reasons).text
        self.reasons = reasons
    }

    private static func level(_ facts: ServiceFacts, _ reasons: [Reason]) -> Level {
        if facts.hasNeverSucceeded { return .never }
        switch reasons.map(\.severity).max() {
        case .critical: return .critical
        case .warning: return .warning
        case nil: return .good
        }
    }
}

extension ServiceFacts {
    /// Of nothing that is to be saved there is a backup.
    var hasNeverSucceeded: Bool { !targets.isEmpty && targets.allSatisfy { lastSuccess(of: $0) == nil } }
}
