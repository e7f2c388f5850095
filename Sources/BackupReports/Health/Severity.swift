/// How bad something is.
package enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
    /// It will become a danger when nobody sees to it.
    case warning
    /// Data could not be restored as promised.
    case critical

    package static func < (left: Self, right: Self) -> Bool { left == .warning && right == .critical }
}
