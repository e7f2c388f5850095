package import BackupModel

extension Moments {
    /// What a program said of its failure; in Russian after what kind of failure that is, as the program's words stay in its language.
    func told(_ failure: RunFailure) -> String {
        guard language == .russian else { return failure.message }
        if let known = RunWords.russian(failure.message) { return known.ours + (known.said.map { ": \(quoted($0))" } ?? "") }
        return (failure.code.russianKind.map { "\($0): " } ?? "") + quoted(failure.message)
    }

    /// Words that are not of this sentence's language.
    func quoted(_ text: String) -> String { language == .russian ? "«\(text)»" : text }

    /// `3.00 GB`, `3,00 ГБ`.
    func size(_ bytes: Int64) -> String {
        language == .russian ? Self.sized(ByteSize(bytes).description) : ByteSize(bytes).description
    }

    /// `3,00 ГБ` for what is written as `3.00 GB`.
    static func sized(_ text: String) -> String {
        let words = text.split(separator: " ")
        guard words.count == 2 else { return text }
        return "\(words[0].replacing(".", with: ",")) \(russianSizes[String(words[1])] ?? String(words[1]))"
    }

    /// `9,000,000`, `9 000 000`.
    func number(_ number: Int64) -> String { language == .russian ? number.grouped.replacing(",", with: "\u{a0}") : number.grouped }

    private static let russianSizes = ["B": "Б", "kB": "кБ", "MB": "МБ", "GB": "ГБ", "TB": "ТБ", "PB": "ПБ"]
}

extension ByteSize {
    /// `3,00 ГБ`.
    package var inRussian: String { Moments.sized(description) }
}

extension BackupError.Code {
    /// What kind of failure it is; nil for one that says nothing but that.
    package var russianKind: String? {
        switch self {
        case .failed: nil
        case .invalidUsage: "неверный вызов"
        case .invalidConfiguration: "ошибка в настройках"
        case .verificationFailed: "проверка не пройдена"
        case .suspicious: "копия подозрительна"
        case .reuseDiffered: "неизменённые данные не совпали"
        case .sourceUnreachable: "сервер недоступен"
        case .authenticationFailed: "вход отклонён"
        case .databaseMissing: "базы данных нет"
        case .storeFailed: "сбой хранилища"
        case .storeReadOnly: "хранилище только для чтения"
        case .outOfSpace: "не хватает места"
        case .lockHeld: "выполняется другой запуск"
        case .partlyDone: "выполнено не всё"
        case .artifactMissing: "файла нет"
        case .objectLocked: "объект защищён от удаления"
        case .targetExists: "такое имя занято"
        case .versionMismatch: "версии не подходят друг другу"
        case .permissionDenied: "не хватает прав"
        case .stalled: "нет движения слишком долго"
        }
    }
}
