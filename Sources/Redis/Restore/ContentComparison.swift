import RDBFormat

/// What the file and the server say of the same keys. Pure.
struct ContentComparison {
    let file: RDBContent
    let server: RDBContent
    var comparesFunctions = true

    /// Nil when they agree.
    var difference: String? { differences.first?.description }

    /// Empty when they agree. Data that modules keep outside of keys is not compared: it may say which server it is on.
    var differences: [ContentDifference] {
        DatabaseFacts.differences(file.databases.map(DatabaseFacts.init), server.databases.map(DatabaseFacts.init)) + functions
    }

    private var functions: [ContentDifference] {
        guard comparesFunctions, file.functions != server.functions else { return [] }
        let (expected, found) = (file.functions, server.functions)
        guard expected.count == found.count else {
            return [ContentDifference(subject: "libraries of functions", expected: "\(expected.count)", found: "\(found.count)")]
        }
        return [ContentDifference(subject: "as the digest of its functions", expected: "\(expected.digest)", found: "\(found.digest)")]
    }
}

/// One thing in which two sets of data differ.
struct ContentDifference: Sendable, Equatable, CustomStringConvertible {
    /// Nil for what belongs to none.
    var database: UInt64?
    /// What is counted or digested: "keys".
    var subject: String
    var expected: String
    var found: String

    var description: String {
        let place = database.map { "database \($0)" } ?? "the server"
        return "\(place) has \(found) \(subject) instead of \(expected)"
    }
}

/// What one database is compared by.
struct DatabaseFacts: Sendable, Equatable {
    let number: UInt64
    let keys: UInt64
    /// Of them, with an expiry.
    let expiring: UInt64
    /// Of all keys, their values and expiries.
    let digest: String

    init(number: UInt64, keys: UInt64, expiring: UInt64, digest: String) {
        self.number = number
        self.keys = keys
        self.expiring = expiring
        self.digest = digest
    }

    init(_ summary: RDBDatabaseSummary) {
        self.init(number: summary.number, keys: summary.keys, expiring: summary.expiring, digest: "\(summary.digest)")
    }
}

extension DatabaseFacts {
    static func differences(_ expected: [DatabaseFacts], _ found: [DatabaseFacts]) -> [ContentDifference] {
        Set((expected + found).map(\.number)).sorted().flatMap { number in
            let nothing = DatabaseFacts(number: number, keys: 0, expiring: 0, digest: "none")
            return (expected.first { $0.number == number } ?? nothing).differences(found.first { $0.number == number } ?? nothing)
        }
    }

    /// A digest says nothing more where the numbers differ already.
    private func differences(_ found: DatabaseFacts) -> [ContentDifference] {
        let counts = [("keys", keys, found.keys), ("keys with an expiry", expiring, found.expiring)].compactMap {
            subject, expected, found in
            expected == found ? nil : ContentDifference(database: number, subject: subject, expected: "\(expected)", found: "\(found)")
        }
        guard counts.isEmpty, digest != found.digest else { return counts }
        return [
            ContentDifference(
                database: number, subject: "as the digest of its \(keys) keys, their values and expiries", expected: digest,
                found: found.digest)
        ]
    }
}
