import BackupModel
import BackupReports

/// Numbers, times and ages as one language writes them.
struct Speech: Sendable {
    let language: Language
    let now: Instant

    func callAsFunction(_ words: Bilingual) -> String { words[language] }

    /// One of the words of templates.
    func word(_ name: String) -> String { Words.table[name]?[language] ?? name }

    // MARK: Sizes and numbers

    func size(_ bytes: Int64) -> String { units(ByteSize(bytes).description) }

    func rate(_ bytesPerSecond: Int64) -> String { size(bytesPerSecond) + (language == .english ? "/s" : "/с") }

    func number(_ number: some BinaryInteger) -> String {
        language == .english ? number.grouped : number.grouped.replacing(",", with: "\u{a0}")
    }

    /// A number with its noun, in the form that number asks for.
    func counted(_ number: Int64, _ noun: Noun) -> String { "\(self.number(number))\u{a0}\(noun.form(of: number, language))" }

    func percent(_ value: Int) -> String { "\(value)\u{a0}%" }

    // MARK: Durations

    func precisely(_ duration: Duration) -> String { units(duration.precisely) }

    /// `12 ms`, and from a second on as any duration.
    func milliseconds(_ count: Int64) -> String {
        count < 1000 ? "\(count)\u{a0}\(language == .english ? "ms" : "мс")" : precisely(.milliseconds(count))
    }

    func briefly(_ duration: Duration) -> String { units(duration.briefly) }

    /// `8 h ago`, `in 16 h`.
    func age(_ instant: Instant) -> String {
        let age = now - instant
        return switch (age < .zero, language) {
        case (false, .english): "\(briefly(age))\u{a0}ago"
        case (false, .russian): "\(briefly(age))\u{a0}назад"
        case (true, .english): "in\u{a0}\(briefly(.zero - age))"
        case (true, .russian): "через\u{a0}\(briefly(.zero - age))"
        }
    }

    // MARK: Times

    /// `2026-02-14 02:00 UTC`.
    func time(_ instant: Instant) -> String { "\(instant.display.prefix(16)) UTC" }

    func date(_ instant: Instant) -> String { String(instant.display.prefix(10)) }

    /// `02:00:14`, in UTC.
    func clock(_ instant: Instant) -> String { String(instant.display.dropFirst(11).prefix(8)) }

    /// What the units of `BackupModel` write, in this language, and never broken between number and unit.
    private func units(_ text: String) -> String {
        let words = text.split(separator: " ").map { word in
            language == .english ? String(word) : Self.russian[String(word)] ?? String(word.replacing(".", with: ","))
        }
        return words.joined(separator: "\u{a0}")
    }

    private static let russian = [
        "B": "Б", "kB": "кБ", "MB": "МБ", "GB": "ГБ", "TB": "ТБ", "PB": "ПБ", "s": "с", "min": "мин", "h": "ч", "d": "д",
    ]
}

/// A noun in the forms that numbers ask for.
struct Noun: Sendable {
    let english: (one: String, many: String)
    /// As with 1, 21; with 2 to 4, 22; with 5 to 20, 0 (CLDR: one, few, many).
    let russian: (one: String, few: String, many: String)

    init(_ one: String, _ many: String, _ russian: (String, String, String)) {
        english = (one, many)
        self.russian = russian
    }

    func form(of number: Int64, _ language: Language) -> String {
        guard language == .russian else { return number == 1 ? english.one : english.many }
        let (tens, ones) = (abs(number) % 100, abs(number) % 10)
        if (11...14).contains(tens) { return russian.many }
        return ones == 1 ? russian.one : (2...4).contains(ones) ? russian.few : russian.many
    }

    static let day = Noun("day", "days", ("день", "дня", "дней"))
    static let backup = Noun("backup", "backups", ("копия", "копии", "копий"))
    static let table = Noun("table", "tables", ("таблица", "таблицы", "таблиц"))
    static let row = Noun("row", "rows", ("строка", "строки", "строк"))
    static let key = Noun("key", "keys", ("ключ", "ключа", "ключей"))
    static let store = Noun("store", "stores", ("хранилище", "хранилища", "хранилищ"))
    static let attempt = Noun("attempt", "attempts", ("попытка", "попытки", "попыток"))
}
