/// One thing an operator can set. The table in `Setting.all` is the only one: reading, `config show`, its checks and the documentation come from it.
package struct Setting: Sendable, Hashable {
    /// The environment variable, also the key in a `.env` file.
    package let name: String
    /// The path of keys in the YAML file, joined with dots.
    package let yamlKey: String
    package let form: Form
    /// What holds when nobody sets it, as documentation prints it; nil when there is nothing then.
    package let standard: String?
    /// One sentence for the documentation.
    package let summary: String
    /// The value is never shown.
    package let isSecret: Bool
    /// libpq's connection keyword, for the variables that libpq reads from the environment itself.
    package let keyword: String?

    init(
        _ name: String, _ yamlKey: String, _ form: Form, standard: String? = nil, isSecret: Bool = false, keyword: String? = nil,
        _ summary: String
    ) {
        self.name = name
        self.yamlKey = yamlKey
        self.form = form
        self.standard = standard
        self.isSecret = isSecret
        self.keyword = keyword
        self.summary = summary
    }
}

extension Setting {
    /// What a value has to look like.
    package enum Form: Sendable, Hashable {
        case text
        /// A `postgres://` URL or libpq's keywords.
        case connection
        /// A `redis://` URL, or several separated by commas.
        case redis
        case redisList
        case path
        case list
        case integer(ClosedRange<Int>)
        case size
        case rate
        case duration
        case choice([String])
        /// A cron expression, `none`, or a word with a meaning of its own.
        case schedule(or: String? = nil)
        case timeZone

        /// The end of "it has to be …".
        package var description: String {
            switch self {
            case .text: "text"
            case .connection: "a postgres:// URL or libpq's keywords"
            case .redis: "a redis:// URL"
            case .redisList: "redis:// URLs separated by commas"
            case .path: "a path"
            case .list: "names separated by commas"
            case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .size: "a size with its unit, such as 128MiB"
            case .rate: "a rate with its unit, such as 50MB/s"
            case .duration: "a duration with its unit, such as 30s, 5min or 2h"
            case .choice(let choices): "one of " + choices.joined(separator: ", ")
            case .schedule(let word): (["five fields of cron"] + [word].compactMap { $0 }).joined(separator: ", ") + " or none"
            case .timeZone: "a name of the IANA time zone database"
            }
        }
    }
}
