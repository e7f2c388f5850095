import BackupModel
import BackupReports

extension Bilingual {
    /// What a program or another part of this one said, in the language it said it in; beside other words it is quoted.
    static func said(_ message: String, about: String? = nil) -> Bilingual {
        Bilingual(message, (about.map { "\($0): " } ?? "") + "«\(message)»")
    }
}

extension Trouble {
    /// As it is shown.
    var words: Bilingual { russian.map { Bilingual(message, $0) } ?? .said(message, about: kind.russian) }
}

extension Trouble.Kind {
    /// What it is, before the message in its own language; nil where nothing more is known.
    fileprivate var russian: String? {
        switch self {
        case .notListening: "никто не принимает соединения"
        case .unknownHost: "имя узла не найдено"
        case .silent: "нет ответа"
        case .credentials: "учётные данные не приняты"
        case .accessRules: "правила доступа нас не впускают"
        case .databaseMissing: "такой базы нет"
        case .databaseClosed: "база не принимает соединений"
        case .roleRefused: "роли вход закрыт"
        case .notReady: "сервер ещё не готов"
        case .crowded: "свободных соединений нет"
        case .denied: "нет доступа"
        case .bucketMissing: "такого бакета нет"
        case .region: "другой регион"
        case .clock: "часы расходятся"
        case .folderMissing: "такой папки нет"
        case .readOnly: "только для чтения"
        case .full: "места нет"
        case .invalid: "непригодно"
        case .other: nil
        }
    }
}

extension Duration {
    /// `10 мин 00 с`, where `precisely` says `10 min 00 s`.
    var preciselyInRussian: String {
        let units = ["s": "с", "min": "мин", "h": "ч"]
        return precisely.replacing(".", with: ",").split(separator: " ").map { units[String($0)] ?? String($0) }.joined(separator: " ")
    }
}

/// What is odd about the settings, in both languages.
enum OddSetting {
    /// - Parameter warning: as `SettingLayers` words it.
    static func words(_ warning: String) -> Bilingual {
        guard let found = warning.wholeMatch(of: /(\S+) in (.+) is not a setting(?: of this version)?(?:; did you mean (.+)\?)?/) else {
            return line(warning) ?? .said(warning)
        }
        let place = found.2 == "the environment" ? "в окружении" : "в \(found.2)"
        return Bilingual(warning, "\(found.1) \(place): такой настройки нет" + (found.3.map { "; может быть, \($0)?" } ?? ""))
    }

    /// As `EnvironmentFileLines` words it.
    private static func line(_ warning: String) -> Bilingual? {
        guard let found = warning.wholeMatch(of: /line ([0-9]+) of (.+?) (is left out: it is|is left out: before|opens a quote).*/) else {
            return nil
        }
        let fault =
            switch found.3 {
            case "is left out: it is": "пропущена: она не вида NAME=value"
            case "is left out: before": "пропущена: перед = нет имени из букв, цифр и подчёркиваний"
            default: "открывает кавычку и не закрывает её: кавычка считается частью значения"
            }
        return Bilingual(warning, "строка \(found.1) в \(found.2) \(fault)")
    }
}
