import BackupEngine
import BackupModel
import Testing

@Suite("Cron expressions")
struct CronExpressionTests {
    private func day(_ month: Int64, _ day: Int64) -> CivilDay { CivilDay(year: 2026, month: month, day: day) }

    @Test(
        "Which days they mean, in February 2026, which begins on a Sunday",
        arguments: [
            ("0 2 * * *", Array(1...28)),
            ("0 2 13 * *", [13]),
            ("0 2 * * mon-fri", [2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26, 27]),
            ("0 2 * * FRI-Sun", [1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28]),
            ("0 2 * * 5-7", [1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28]),
            ("0 2 * * 0", [1, 8, 15, 22]),
            ("0 2 * * 7", [1, 8, 15, 22]),
            // Either is enough.
            ("0 2 13 * sun", [1, 8, 13, 15, 22]),
            // A field that begins with a star has to be met, too.
            ("0 2 */2 * sun", [1, 15]),
            ("0 2 1-9 * */3", [1, 4, 7, 8]),
            ("0 2 1-28/9,27-28 feb *", [1, 10, 19, 27, 28]),
            ("0 2 * mar,apr *", []),
            ("@weekly", [1, 8, 15, 22]), ("@monthly", [1]), ("@Daily", Array(1...28)), ("@yearly", []),
        ] as [(String, [Int64])])
    func days(text: String, expected: [Int64]) throws {
        let expression = try CronExpression(text)
        #expect((1...28).filter { expression.includes(day(2, $0)) } == expected)
        #expect(expression.description == text)
    }

    @Test(
        "What is wrong is named, with its field",
        arguments: [
            ("", "there are 0 fields where five belong: minute, hour, day of the month, month, day of the week"),
            ("0", "there is 1 field where five belong: minute, hour, day of the month, month, day of the week"),
            ("0 0 2 * * *", "there are 6 fields where five belong: minute, hour, day of the month, month, day of the week"),
            ("60 2 * * *", "in the field minute: 60 is not from 0 to 59"),
            ("0 24 * * *", "in the field hour: 24 is not from 0 to 23"),
            ("0 -1 * * *", "in the field hour: “” is not a number"),
            ("0 2 0 * *", "in the field day of the month: 0 is not from 1 to 31"),
            ("0 2 L * *", "in the field day of the month: “L” is not a number"),
            ("0 2 * 13 *", "in the field month: 13 is not from 1 to 12"),
            (
                "0 2 * sep-okt *",
                "in the field month: “okt” is not a number or one of jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec"
            ),
            ("0 2 * * 8", "in the field day of the week: 8 is not from 0 to 7"),
            ("0 2 * * ?", "in the field day of the week: “?” is not a number or one of sun, mon, tue, wed, thu, fri, sat"),
            ("0 2 * * fri-mon", "in the field day of the week: “fri-mon” runs backwards"),
            ("*/0 2 * * *", "in the field minute: the step “0” is not a whole number above 0"),
            ("*/ 2 * * *", "in the field minute: the step “” is not a whole number above 0"),
            ("5/15 2 * * *", "in the field minute: “5/15” steps from nowhere; write 5-59/15"),
            ("1,,2 2 * * *", "in the field minute: “” is not a number"),
            ("99999999999999999999 2 * * *", "in the field minute: “99999999999999999999” is not a number"),
            ("0 2 30 feb *", "the fields day of the month and month name a day that no year has"),
            ("0 2 31 4,6,9,11 *", "the fields day of the month and month name a day that no year has"),
            ("@reboot", "@reboot is not one of @annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly"),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: BackupError.self) { try CronExpression(text) }
        #expect(error?.message == message)
        #expect(error?.code == .invalidConfiguration)
    }

    @Test(
        "The longest time between two slots",
        arguments: [
            ("* * * * *", 60), ("*/7 * * * *", 420), ("0 * * * *", 3600), ("15,45 * * * *", 1800), ("0 2 * * *", 86_400),
            ("0 2,14 * * *", 43_200), ("0 9-17 * * *", 57_600), ("0 2 * * mon-fri", 3 * 86_400), ("30 2 * * 0", 7 * 86_400),
            ("0 0 1 * *", 31 * 86_400), ("0 0 31 * *", 61 * 86_400), ("@yearly", 366 * 86_400), ("0 2 29 2 *", 2921 * 86_400),
            ("0,30 1-2 * * 6", 7 * 86_400 - 5400),
        ] as [(String, Int64)])
    func interval(text: String, seconds: Int64) throws {
        #expect(try CronExpression(text).longestInterval == .seconds(seconds))
    }
}
