package import BackupModel

/// Who is called when an alert stays open: first whose matter its cause is, then the others in the runbook's order.
package struct Escalation: Sendable {
    /// Between two calls, and before the first.
    package var after: Duration
    package var contacts: [Team: [Contact]]

    package init(after: Duration = .seconds(1800), contacts: [Team: [Contact]] = [:]) {
        self.after = after
        self.contacts = contacts
    }

    /// One way to reach a team.
    package enum Contact: Sendable, Hashable {
        case pagerDuty(Secret)
        case email(String)
        /// A name for people, such as `@dba-lead`: told in the alert's details.
        case mention(String)

        /// An e-mail address, a name that begins with @, or an integration key of PagerDuty; anything else is nil.
        package init?(_ text: String) {
            if text.hasPrefix("@"), text.count > 1 {
                self = .mention(text)
            } else if let at = text.firstIndex(of: "@"), at != text.startIndex, text[at...].count > 1 {
                self = .email(text)
            } else if text.count == 32, text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) {
                self = .pagerDuty(Secret(text))
            } else {
                return nil
            }
        }
    }

    /// Whom an alert is due to have been told to, the first one first.
    /// - Parameters:
    ///   - cause: whose matter it is.
    ///   - opened: when it began to be critical.
    package func due(cause: Team, opened: Instant, now: Instant) -> [Team] {
        guard after > .zero, now > opened else { return [] }
        let count = Int((now - opened) / after)
        return Array(ladder(from: cause).prefix(count))
    }

    /// Teams without a contact are left out: calling them would only lose time.
    private func ladder(from cause: Team) -> [Team] {
        ([cause] + Team.allCases.filter { $0 != cause }).filter { contacts[$0]?.isEmpty == false }
    }

    func mentions(of team: Team) -> [String] {
        (contacts[team] ?? []).compactMap { if case .mention(let name) = $0 { name } else { nil } }
    }
}
