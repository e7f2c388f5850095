import BackupModel
import BackupReports

/// How one figure of the backups has moved, a day at a time.
struct TrendView {
    let name: String
    let last: String
    let least: String
    let most: String
    let line: String
    let area: String
    let x: String
    let y: String
    /// The same in words, for those who do not see the line.
    let label: String

    /// Of what there is enough of to be a line.
    static func all(_ facts: ServiceFacts, _ speech: Speech) -> [TrendView] {
        // Newest first: the last of each day.
        var days: Set<Instant> = []
        let last = facts.runs.filter { $0.hasSucceeded && days.insert(CalendarDay.begin(of: $0.startedAt)).inserted }
        let runs = Array(last.reversed())
        return [
            TrendView(Bilingual("Size", "Размер"), runs, speech, speech.size) { $0.outcomes.reduce(0) { $0 + $1.bytes } },
            TrendView(Bilingual("Duration", "Длительность"), runs, speech, { speech.precisely(.seconds($0)) }) {
                $0.duration.map { $0.components.seconds }
            },
            TrendView(Bilingual("Rows", "Строки"), runs, speech, { speech.number($0) }) { $0.outcome(of: .postgres)?.rows },
        ].compactMap { $0 }
    }

    private init?(
        _ name: Bilingual, _ runs: [RunRecord], _ speech: Speech, _ text: (Int64) -> String, _ value: (RunRecord) -> Int64?
    ) {
        let values = runs.compactMap { run in value(run).map { (at: run.startedAt, value: $0) } }
        guard let trend = Trend(values), trend.most > 0 else { return nil }
        self.name = speech(name)
        (last, least, most) = (text(trend.last), text(trend.least), text(trend.most))
        (line, area, x, y) = (trend.line, trend.area, trend.end.x, trend.end.y)
        label = speech(
            Bilingual(
                "\(name.english): now \(last), between \(least) and \(most) in ninety days",
                "\(name.russian): сейчас \(last), за девяносто дней от \(least) до \(most)"))
    }
}
