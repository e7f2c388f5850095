import BackupModel
import BackupReports

/// Ninety days as squares: weeks in columns, days of the week in rows.
struct CalendarView {
    let weeks: [Week]
    let rows: [Row]
    let legend: [Entry]

    struct Week {
        /// The name of a month where one begins, else empty.
        let month: String
        let label: String
    }

    struct Row {
        let weekday: String
        let isNamed: Bool
        let cells: [Cell]
    }

    struct Cell {
        /// Of days before the ninety and after today there is nothing to say.
        let isDay: Bool
        let state: String
        let label: String
        /// The run to look at.
        let run: String?
    }

    struct Entry {
        let state: String
        let words: String
        let count: String
    }

    init(_ facts: ServiceFacts, _ speech: Speech) {
        let days = CalendarDays(facts: facts).days
        let lead = days.first?.weekday ?? 0
        let count = (lead + days.count + 6) / 7
        // Nil for the days that only fill up the first and the last week.
        let grid = (0..<count * 7).map { index in days.indices.contains(index - lead) ? days[index - lead] : nil }
        weeks = (0..<count).map { Self.week(grid[$0 * 7..<$0 * 7 + 7].compactMap { $0 }, isFirst: $0 == 0, speech) }
        rows = (0..<7).map { weekday in
            Row(
                weekday: Self.weekdays[weekday][speech.language], isNamed: weekday % 2 == 0,
                cells: (0..<count).map { Self.cell(grid[$0 * 7 + weekday], speech) })
        }
        let counts = Dictionary(grouping: days, by: \.state).mapValues(\.count)
        legend = CalendarDay.State.allCases.filter { $0 != .idle || counts[$0] != nil }.map { state in
            Entry(state: state.rawValue, words: speech(state.words), count: speech.number(counts[state] ?? 0))
        }
    }

    /// - Parameter days: those of it that are among the ninety.
    private static func week(_ days: [CalendarDay], isFirst: Bool, _ speech: Speech) -> Week {
        let beginning = days.first { speech.date($0.begin).hasSuffix("-01") } ?? (isFirst ? days.first : nil)
        let month = beginning.map { Int(speech.date($0.begin).dropFirst(5).prefix(2)) ?? 1 }
        // The second column would write over the name in the first one.
        let isCrowded = isFirst && days.first.map { speech.date($0.begin).suffix(2) > "18" } == true
        return Week(
            month: isCrowded ? "" : month.map { months[$0 - 1][speech.language] } ?? "",
            label: days.first.map { speech.date($0.begin) } ?? "")
    }

    private static func cell(_ day: CalendarDay?, _ speech: Speech) -> Cell {
        guard let day else { return Cell(isDay: false, state: "", label: "", run: nil) }
        var label = "\(speech.date(day.begin)): \(speech(day.state.words))"
        if day.failedRun != nil, day.state != .failed { label += speech(Bilingual(", after a failure", ", после ошибки")) }
        return Cell(isDay: true, state: day.state.rawValue, label: label, run: day.failedRun)
    }

    private static let weekdays = [
        Bilingual("Mon", "Пн"), Bilingual("Tue", "Вт"), Bilingual("Wed", "Ср"), Bilingual("Thu", "Чт"), Bilingual("Fri", "Пт"),
        Bilingual("Sat", "Сб"), Bilingual("Sun", "Вс"),
    ]

    private static let months = [
        Bilingual("Jan", "янв"), Bilingual("Feb", "фев"), Bilingual("Mar", "мар"), Bilingual("Apr", "апр"), Bilingual("May", "май"),
        Bilingual("Jun", "июн"), Bilingual("Jul", "июл"), Bilingual("Aug", "авг"), Bilingual("Sep", "сен"), Bilingual("Oct", "окт"),
        Bilingual("Nov", "ноя"), Bilingual("Dec", "дек"),
    ]
}
