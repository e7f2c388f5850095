import BackupModel
import Testing

@Suite("Days of the calendar")
struct CivilDayTests {
    @Test("There and back again, over four centuries, each day after the one before")
    func roundTrip() {
        var previous = CivilDay(year: 1899, month: 12, day: 31)
        for number in CivilDay(year: 1900, month: 1, day: 1).number...CivilDay(year: 2301, month: 1, day: 1).number {
            let day = CivilDay(number: number)
            guard CivilDay(year: day.year, month: day.month, day: day.day) == day, day.number == previous.number + 1,
                day.weekday == (previous.weekday + 1) % 7, day.day == 1 || day.day == previous.day + 1
            else {
                Issue.record("day \(number) is \(day), after \(previous)")
                return
            }
            previous = day
        }
        #expect(previous == CivilDay(year: 2301, month: 1, day: 1))
    }

    @Test(
        "Known days of the week",
        arguments: [(1970, 1, 1, 4), (2000, 2, 29, 2), (2026, 2, 14, 6), (2026, 3, 1, 0), (1969, 12, 28, 0)]
            as [(Int64, Int64, Int64, Int64)])
    func weekdays(year: Int64, month: Int64, day: Int64, weekday: Int64) {
        #expect(CivilDay(year: year, month: month, day: day).weekday == weekday)
    }
}
