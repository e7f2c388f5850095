/// A day of the Gregorian calendar, wherever it is lived. The conversions are Howard Hinnant's `civil_from_days` and `days_from_civil`, exact for
/// every year used here.
package struct CivilDay: Sendable, Hashable {
    /// Days since 1970-01-01.
    package let number: Int64
    package let year: Int64
    package let month: Int64
    package let day: Int64

    package init(number: Int64) {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        self.number = number
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    }

    /// Days beyond the month's last run into the next month.
    package init(year: Int64, month: Int64, day: Int64) {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(number: era * 146_097 + dayOfEra - 719_468)
    }

    /// 0 is Sunday, as in crontabs. The epoch was a Thursday.
    package var weekday: Int64 { ((number + 4) % 7 + 7) % 7 }

    package func advanced(by days: Int64) -> CivilDay { CivilDay(number: number + days) }
}
