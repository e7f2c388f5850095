/// psql's `\restrict`, by which a script is kept from commands of psql's own.
package enum RestrictCommand {
    /// The first minor release of each major one that knows it: they came on one day. Every release from 18 on does, and none before 13.
    private static let firstMinors = [13: 22, 14: 19, 15: 14, 16: 10, 17: 6]

    /// - Parameter minor: nil where psql does not say, as one before its release.
    package static func isKnown(major: Int, minor: Int?) -> Bool {
        guard major < 18 else { return true }
        guard let first = firstMinors[major], let minor else { return false }
        return minor >= first
    }
}
