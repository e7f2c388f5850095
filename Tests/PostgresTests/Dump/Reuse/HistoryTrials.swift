import Foundation

/// How many random histories are tried, from which seed on and on which versions: few in a test run, thousands with `make histories`.
enum HistoryTrials {
    /// Of a database; each has its own seed, which the message of a failure has.
    static let count = number("REUSE_HISTORIES") ?? 2
    /// Of a server; they take longer.
    static let serverCount = number("REUSE_SERVER_HISTORIES") ?? 1
    static let firstSeed = UInt64(number("REUSE_SEED") ?? 1)
    /// Who asks for many is to have them on every version, and who looks for one again on its own.
    static let versions = number("REUSE_VERSION").map { [$0] } ?? (count > 2 || serverCount > 1 ? Array(14...18) : [14, 18])

    private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }
}
