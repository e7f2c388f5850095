/// The languages people are told things in.
package enum Language: String, Sendable, Codable, CaseIterable {
    case english = "en"
    case russian = "ru"
}

/// The same words in every language.
package struct Bilingual: Sendable, Hashable {
    package var english: String
    package var russian: String

    package init(_ english: String, _ russian: String) {
        self.english = english
        self.russian = russian
    }

    package subscript(language: Language) -> String {
        switch language {
        case .english: english
        case .russian: russian
        }
    }

    /// With a capital letter, to stand alone; what begins with the URL of a store stays as it is.
    package func capitalized(_ language: Language) -> String {
        let text = self[language]
        if text.prefix(while: { !$0.isWhitespace }).contains("://") { return text }
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
