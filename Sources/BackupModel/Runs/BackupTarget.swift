/// What can be saved, and is judged, apart from the rest; the label `target` of metrics and the key of alerts.
package enum BackupTarget: String, Sendable, Codable, CaseIterable, Hashable {
    /// The databases of a run, together.
    case postgres
    case redis
}
