import BackupModel

/// One of the five fields of a cron expression: which values there are, and what they are called.
struct CronField: Sendable {
    let name: String
    let range: ClosedRange<Int64>
    /// What stands for the values from the lowest on: `jan`, `feb`, …
    var words: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day of the month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12, words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    /// 0 and 7 are Sunday.
    static let weekday = CronField(name: "day of the week", range: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    static let all = [minute, hour, day, month, weekday]

    /// The values a field means: `*`, `5`, `1-5`, `*/15`, `0-30/10`, `mon-fri`, and lists of these.
    /// - Throws: `.invalidConfiguration` naming the field and what is wrong with it.
    func values(_ text: Substring) throws(BackupError) -> CronValues {
        var values = CronValues()
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            for value in try steps(part) { values.insert(value) }
        }
        return values
    }

    private func steps(_ text: Substring) throws(BackupError) -> [Int64] {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let span = try span(halves[0])
        guard halves.count == 2 else { return Array(span) }
        guard halves[0].contains("-") || halves[0] == "*" else {
            throw error("“\(text)” steps from nowhere; write \(halves[0])-\(range.upperBound)/\(halves[1])")
        }
        guard let step = number(halves[1]), step > 0 else { throw error("the step “\(halves[1])” is not a whole number above 0") }
        return Array(stride(from: span.lowerBound, through: span.upperBound, by: Int(step)))
    }

    private func span(_ text: Substring) throws(BackupError) -> ClosedRange<Int64> {
        // 7 is another name of 0, so that every day of the week stands in 0 to 6 already.
        if text == "*" { return range.lowerBound...(self.range == Self.weekday.range ? 6 : range.upperBound) }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try value(ends[0])
        guard ends.count == 2 else { return first...first }
        var last = try value(ends[1])
        // `fri-sun`: a week that ends on Sunday.
        if words.first == ends[1].lowercased(), range.upperBound == 7 { last = 7 }
        guard first <= last else { throw error("“\(text)” runs backwards") }
        return first...last
    }

    private func value(_ text: Substring) throws(BackupError) -> Int64 {
        if let place = words.firstIndex(of: text.lowercased()) { return range.lowerBound + Int64(place) }
        guard let number = number(text) else {
            let names = words.isEmpty ? "" : " or one of \(words.joined(separator: ", "))"
            throw error("“\(text)” is not a number\(names)")
        }
        guard range.contains(number) else { throw error("\(text) is not from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    private func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }

    private func error(_ text: String) -> BackupError { BackupError(.invalidConfiguration, "in the field \(name): \(text)") }
}

/// Some of the numbers from 0 to 63.
struct CronValues: Sendable, Equatable {
    private var bits: UInt64 = 0

    mutating func insert(_ value: Int64) { bits |= 1 << UInt64(value) }
    func contains(_ value: Int64) -> Bool { bits >> UInt64(value) & 1 == 1 }
    var inOrder: [Int64] { (0..<64).filter(contains) }
}
