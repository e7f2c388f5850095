import BackupReports

/// What all findings come to.
package enum Verdict: String, Sendable, Codable {
    case healthy, warnings, failures

    package init(_ findings: [Diagnosis]) {
        self =
            switch findings.map(\.gravity).max() {
            case nil: .healthy
            case .warning: .warnings
            case .critical: .failures
            }
    }
}
