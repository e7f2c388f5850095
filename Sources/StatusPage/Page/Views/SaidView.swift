import BackupModel
import BackupReports

/// What the catalog, a program or a run has said: in the words of the page where they are known, else in English and quoted, after what kind of
/// thing that is.
struct SaidView {
    /// In the language of the page.
    let ours: String?
    /// In English, on a page that is not.
    let said: String?

    private init(ours: String?, said: String?) { (self.ours, self.said) = (ours, said) }

    /// - Parameters:
    ///   - words: the same in the language of the page; nil where it has none for it.
    ///   - kind: what it is, where the page has not.
    private init(_ text: String, words: String? = nil, kind: String? = nil, _ speech: Speech) {
        switch (speech.language, words) {
        case (.english, _): (ours, said) = (text, nil)
        case (.russian, let words?): (ours, said) = (words, nil)
        case (.russian, nil): (ours, said) = (kind, "«\(text)»")
        }
    }

    /// Of sizes and retention.
    init(catalog sentence: String, _ speech: Speech) { self.init(sentence, words: CatalogWords.russian(sentence), speech) }

    init(_ failure: RunFailure, _ speech: Speech) {
        if speech.language == .russian, let known = RunWords.russian(failure.message) {
            self.init(ours: known.ours, said: known.said.map { "«\($0)»" })
        } else {
            self.init(failure.message, kind: failure.code.russianKind, speech)
        }
    }

    /// What helps, in the words of whoever failed.
    init(hint: String, _ speech: Speech) { self.init(hint, words: RunWords.hint(hint), speech) }

    /// What a program said, of a kind that is known from what stands before it.
    init(program text: String, _ speech: Speech) { self.init(text, kind: nil, speech) }

    /// A file that a backup names.
    init(missing key: String, _ speech: Speech) { self.init("\(key) is missing", words: "нет файла \(key)", speech) }

    init(lacking part: MissingPart, _ speech: Speech) {
        let isEnglish = speech.language == .english
        ours = isEnglish ? "\(part.name): \(part.reason)" : part.name
        said = isEnglish ? nil : "«\(part.reason)»"
    }
}

/// What helps, in the words of whoever failed; on a page that does not speak them after the command to begin with.
struct HelpView {
    let command: String?
    let help: SaidView

    init?(_ failure: RunFailure?, _ speech: Speech) {
        guard let failure, let hint = failure.hint else { return nil }
        help = SaidView(hint: hint, speech)
        command = help.said == nil ? nil : failure.code.remedy
    }
}
