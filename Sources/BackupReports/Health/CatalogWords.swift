/// What the catalog says of sizes and retention, in Russian. Manifests keep it as it was said, in English, so the sentences themselves are translated:
/// those of `SizeSense`, `Retention` and `RetentionFreezes`.
package enum CatalogWords {
    /// Nil for a sentence nobody here knows.
    package static func russian(_ sentence: String) -> String? {
        loss(sentence) ?? change(sentence) ?? rest(sentence) ?? storeFreeze(sentence) ?? shortage(sentence) ?? gap(sentence)
            ?? departure(sentence) ?? hint(sentence)
    }

    private static func loss(_ sentence: String) -> String? {
        guard let found = sentence.wholeMatch(of: /(.+) is down to nothing, from (.+) in (\S+)/) else { return nil }
        return "\(subject(found.1)): не осталось ничего, в \(found.3) было \(amount(found.2))"
    }

    private static func change(_ sentence: String) -> String? {
        guard let found = sentence.wholeMatch(of: /(.+) has (shrunk|grown) by (\d+) %: (.+), from (.+) in (\S+)/) else { return nil }
        let verb = found.2 == "shrunk" ? "меньше" : "больше"
        return "\(subject(found.1)): \(verb) на \(found.3) %: \(amount(found.4)), в \(found.6) было \(amount(found.5))"
    }

    private static func rest(_ sentence: String) -> String? {
        sentence.wholeMatch(of: /and (\d+) more of this kind/).map { "и ещё \($0.1) в том же роде" }
    }

    private static func subject(_ words: Substring) -> String {
        if let found = words.wholeMatch(of: /the tables? (.+) of (.+)/) { return "\(found.1) в базе \(found.2)" }
        if let found = words.wholeMatch(of: /the database (.+)/) { return "база \(found.1)" }
        if let found = words.wholeMatch(of: /the dump of (.+)/) { return "дамп базы \(found.1)" }
        return words == "Redis" ? "Redis" : "Redis, ключи без срока"
    }

    /// `1,200 rows`, `3.00 GB`.
    private static func amount(_ words: Substring) -> String {
        let parts = words.split(separator: " ")
        guard parts.count == 2 else { return String(words) }
        let number = parts[0].replacing(",", with: "\u{a0}")
        return switch parts[1] {
        case "row", "rows": "строк: \(number)"
        case "key", "keys": "ключей: \(number)"
        default: Moments.sized(String(words))
        }
    }
}

extension CatalogWords {
    private static func storeFreeze(_ sentence: String) -> String? {
        guard
            let found = sentence.wholeMatch(
                of: /nothing is removed while (a backup|a manifest) (is suspicious|cannot be read|is of the future): (.+)/)
        else { return nil }
        let detail = found.3.replacing(/, and (\d+) others?/) { " и ещё \($0.1)" }
        switch found.2 {
        case "is suspicious": return "резервная копия подозрительна: \(detail)"
        case "cannot be read": return "манифест не читается: \(detail)"
        default: return "есть резервная копия из будущего: \(ahead(detail))"
        }
    }

    private static func shortage(_ sentence: String) -> String? {
        guard let found = sentence.wholeMatch(of: /nothing of (.+) is removed before there are (\d+) (\S+) backups: there are (\d+)/) else {
            return nil
        }
        return
            "из копий \(covered(found.1)) ничего не удаляется, пока \(found.3 == "checked" ? "прочитанных целиком" : "проверенных") меньше \(found.2): их \(found.4)"
    }

    private static func gap(_ sentence: String) -> String? {
        guard
            let found = sentence.wholeMatch(
                of: /nothing of (.+) is removed, as no (\S+) backup lies between (.+) and (now|\d\S+ \S+?)(, and those since then .+)?/)
        else { return nil }
        let (end, kind) = (
            found.4 == "now" ? "этим временем" : String(found.4), found.2 == "checked" ? "прочитанной целиком" : "проверенной"
        )
        return "из копий \(covered(found.1)) ничего не удаляется: нет ни одной \(kind) между \(found.3) и \(end)"
            + (found.5 == nil ? "" : ", а снятые с тех пор охватывают меньше суток")
    }

    /// `20990214T020000Z is of 2099-02-14 02:00:00Z, in 70 d`.
    private static func ahead(_ detail: Substring) -> Substring {
        detail.replacing(" is of ", with: ", её время ").replacing(/, in (\d+ \S+)$/) { ", то есть через \(Moments.spanned($0.1))" }
    }

    /// What a freeze is of: databases, those of another server, a Redis.
    private static func covered(_ names: Substring) -> String {
        if names == "backups without data" { return "без данных" }
        return String(names.replacing(/\bRedis at (\S+?)(?=,|$)/) { "Redis (\($0.1))" }.replacing(" of server ", with: " сервера "))
    }
}
