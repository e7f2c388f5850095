import BackupModel
import BackupReports
import Testing

@testable import StatusPage

@Suite("Numbers and times as people write them")
struct SpeechTests {
    private static let english = Speech(language: .english, now: Scene.now)
    private static let russian = Speech(language: .russian, now: Scene.now)
    private static func plain(_ text: String) -> String { text.replacing("\u{a0}", with: " ") }

    @Test(
        "Russian nouns agree with their number",
        arguments: [
            (0, "0 дней"), (1, "1 день"), (2, "2 дня"), (4, "4 дня"), (5, "5 дней"), (11, "11 дней"), (12, "12 дней"), (14, "14 дней"),
            (21, "21 день"), (22, "22 дня"), (25, "25 дней"), (101, "101 день"), (111, "111 дней"), (112, "112 дней"), (1_002, "1 002 дня"),
        ])
    func plurals(number: Int64, text: String) {
        #expect(Self.plain(Self.russian.counted(number, .day)) == text)
    }

    @Test("English ones, too", arguments: [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1_234, "1,234 days")])
    func englishPlurals(number: Int64, text: String) {
        #expect(Self.plain(Self.english.counted(number, .day)) == text)
    }

    @Test("Sizes, rates and durations have the language's units and decimal sign")
    func units() {
        #expect(Self.plain(Self.english.size(1_240_000)) == "1.24 MB")
        #expect(Self.plain(Self.russian.size(1_240_000)) == "1,24 МБ")
        #expect(Self.plain(Self.russian.rate(96_500_000)) == "96,5 МБ/с")
        #expect(Self.plain(Self.russian.precisely(.seconds(125))) == "2 мин 05 с")
        #expect(Self.plain(Self.english.milliseconds(12)) == "12 ms")
        #expect(Self.plain(Self.russian.milliseconds(1_500)) == "1,50 с")
    }

    @Test("An age says on which side of now it lies")
    func ages() {
        #expect(Self.plain(Self.english.age(Scene.now + .seconds(-7200))) == "2 h ago")
        #expect(Self.plain(Self.english.age(Scene.now + .seconds(7200))) == "in 2 h")
        #expect(Self.plain(Self.russian.age(Scene.now + .seconds(-7200))) == "2 ч назад")
        #expect(Self.plain(Self.russian.age(Scene.now + .seconds(259_200))) == "через 3 д")
    }

    @Test(
        "The language is the one the browser likes best of those we have",
        arguments: [
            ("", Language.english), ("ru", .russian), ("ru-RU,ru;q=0.9,en;q=0.8", .russian), ("en-US,en;q=0.9,ru;q=0.8", .english),
            ("de, ru;q=0.5, en;q=0.7", .english), ("de;q=1.0, fr", .english), ("en;q=0, ru;q=0.1", .russian), ("*", .english),
            ("RU;Q=1;q=x,,;;q=", .russian), (String(repeating: "xx,", count: 10_000) + "ru", .english),
        ])
    func languages(accepted: String, language: Language) {
        #expect(Language(accepted: accepted) == language)
    }
}
