import BackupReports
import Hummingbird

extension Language {
    /// What the visitor reads: `?lang=ru`, else what the browser prefers of the languages we have (RFC 9110, 12.5.4), else English.
    init(_ request: Request) {
        if let wish = request.uri.queryParameters["lang"].flatMap({ Language(rawValue: String($0)) }) {
            self = wish
        } else {
            self.init(accepted: request.headers[.acceptLanguage] ?? "")
        }
    }

    /// Of two that are liked as well the first one named.
    init(accepted text: String) {
        var best: (language: Language, quality: Double)?
        for entry in text.split(separator: ",").prefix(20) {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            let tag = parts.first?.lowercased().prefix { $0 != "-" } ?? ""
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            guard let language = Language(rawValue: String(tag)), quality > best?.quality ?? 0 else { continue }
            best = (language, quality)
        }
        self = best?.language ?? .english
    }
}
