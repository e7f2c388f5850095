import BackupReports
import Hummingbird

/// Who looks at a page.
struct Visitor {
    let language: Language
    /// Whether the address says so; then the links of the page say it, too.
    let hasChosen: Bool

    init(_ request: Request) {
        language = Language(request)
        hasChosen = request.uri.queryParameters["lang"] != nil
    }

    var query: String { hasChosen ? "?lang=\(language.rawValue)" : "" }
}
