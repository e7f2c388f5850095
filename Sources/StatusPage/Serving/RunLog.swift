package import BackupModel

/// One line of a run's log, as people read it.
package struct RunLogLine: Sendable, Equatable, Codable {
    package var at: Instant
    package var kind: Kind
    package var text: String

    package init(at: Instant, kind: Kind, text: String) {
        self.at = at
        self.kind = kind
        self.text = text
    }

    package enum Kind: String, Sendable, Codable, CaseIterable { case progress, note, warning, error, end }
}

/// Whoever has the logs of runs.
package protocol RunLogReader: Sendable {
    /// The last lines of a run's log, oldest first; none where the run has no log (any more).
    /// - Parameter run: the id of a run of the history.
    /// - Throws: `BackupError`, when there is one that cannot be read.
    func lines(of run: String, last limit: Int) async throws -> [RunLogLine]
}
