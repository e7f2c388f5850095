import BackupModel

/// What a proof by restore came to.
struct ProofOutcome: Sendable {
    /// What the restored server has otherwise than the file says; the file is not proved when there is any.
    var findings: [Finding] = []
    var proved: [String] = []
    var notProved: [String] = []
    var durations = ProofDurations()
    var keptScratch: String?
    /// Whether only some tables, or some segments of giants, were restored.
    var isPartial = false
}

extension Verdict {
    /// Adds what the proof found to what the file itself has shown.
    mutating func take(_ outcome: ProofOutcome, check: Double) {
        level = .restore
        findings += outcome.findings
        proved += outcome.proved
        notProved.removeAll { $0 == Self.notLoaded }
        notProved += outcome.notProved
        durations = outcome.durations
        durations?[.check] = check
        keptScratch = outcome.keptScratch
        isPartial = outcome.isPartial
        conclude()
    }
}
