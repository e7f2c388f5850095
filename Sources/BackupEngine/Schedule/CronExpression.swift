package import BackupModel

/// When something is due, as crontab(5) writes it: minute, hour, day of the month, month, day of the week.
///
/// Where both kinds of days are restricted, either of them is enough; a field that begins with `*` restricts nothing, so that `*/2` there has to be met
/// as well (crontab(5) of Vixie cron, "Note: The day of a command's execution…").
package struct CronExpression: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    private let minutes: CronValues
    private let hours: CronValues
    private let days: CronValues
    private let months: CronValues
    private let weekdays: CronValues
    private let needsBothDays: Bool
    /// In seconds from midnight, in order.
    let times: [Int64]

    /// - Throws: `.invalidConfiguration` that names the field and what is wrong with it.
    package init(_ text: String) throws(BackupError) {
        description = text
        let words = try Self.words(text)
        let fields = words.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else { throw Self.wrongCount(fields.count) }
        minutes = try CronField.minute.values(fields[0])
        hours = try CronField.hour.values(fields[1])
        days = try CronField.day.values(fields[2])
        months = try CronField.month.values(fields[3])
        weekdays = try CronField.weekday.values(fields[4])
        needsBothDays = fields[2].hasPrefix("*") || fields[4].hasPrefix("*")
        let (hoursInOrder, minutesInOrder) = (hours.inOrder, minutes.inOrder)
        isOfEveryHour = hoursInOrder.count == 24
        times = hoursInOrder.flatMap { hour in minutesInOrder.map { hour * 3600 + $0 * 60 } }
        guard Self.century.contains(where: { includes(CivilDay(number: $0)) }) else {
            throw BackupError(.invalidConfiguration, "the fields day of the month and month name a day that no year has")
        }
    }

    package func includes(_ day: CivilDay) -> Bool {
        guard months.contains(day.month) else { return false }
        let isDay = days.contains(day.day)
        let isWeekday = weekdays.contains(day.weekday) || day.weekday == 0 && weekdays.contains(7)
        return needsBothDays ? isDay && isWeekday : isDay || isWeekday
    }

    /// Such a schedule is one of elapsed time: it goes on as clocks are put back, where others have their slot behind them already.
    let isOfEveryHour: Bool

    func includes(minute: Int64) -> Bool { minutes.contains(minute) }

    /// The longest time between two slots, by clocks that are not put forward or back.
    package var longestInterval: Duration {
        var longest: Int64 = 0
        var last: Int64?
        for number in Self.century where includes(CivilDay(number: number)) {
            if let last { longest = max(longest, number - last) }
            last = number
        }
        guard let first = times.first, let end = times.last else { return .zero }
        let within = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
        return .seconds(max(within, longest * 86_400 - end + first))
    }

    /// The days from 2080 to 2120: every order of leap years and days of the week, and the leap day that 2100 lacks.
    private static let century = CivilDay(year: 2080, month: 1, day: 1).number..<CivilDay(year: 2121, month: 1, day: 1).number

    private static let shorthands = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    private static func words(_ text: String) throws(BackupError) -> String {
        guard text.hasPrefix("@") else { return text }
        guard let meaning = shorthands[text.lowercased()] else {
            throw BackupError(
                .invalidConfiguration, "\(text) is not one of \(shorthands.keys.sorted().joined(separator: ", "))")
        }
        return meaning
    }

    private static func wrongCount(_ count: Int) -> BackupError {
        let names = CronField.all.map(\.name).joined(separator: ", ")
        return BackupError(.invalidConfiguration, "there \(count == 1 ? "is 1 field" : "are \(count) fields") where five belong: \(names)")
    }
}
