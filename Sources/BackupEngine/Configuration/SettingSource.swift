import BackupModel

/// Where a value came from, for messages and `config show`.
package enum SettingSource: Sendable, Hashable, CustomStringConvertible {
    /// The flag as it is typed: `--jobs`.
    case flag(String)
    case environment
    /// A `.env` or YAML file.
    case file(String)
    case standard

    /// Nil for what is in none.
    var path: String? { if case .file(let path) = self { path } else { nil } }

    var isFlag: Bool { if case .flag = self { true } else { false } }

    package var description: String {
        switch self {
        case .flag(let flag): flag
        case .environment: "environment"
        case .file(let path): path
        case .standard: "default"
        }
    }
}

/// A setting with what it is set to, whoever set it; nil when nothing does and there is no default.
package struct ResolvedSetting: Sendable, Equatable {
    package var setting: Setting
    package var value: String?
    package var source: SettingSource
    /// What may be said of a secret: the server of a URL, without its password.
    package var hint: String?

    /// The value as it may be shown to anyone.
    package var shown: String? {
        setting.isSecret && value != nil ? [Secret.redacted, hint].compactMap { $0 }.joined(separator: " ") : value
    }

    /// A default that depends on the machine or on other settings, as it turned out.
    func computing(_ computed: String?) -> ResolvedSetting {
        guard source == .standard, let computed else { return self }
        return ResolvedSetting(setting: setting, value: computed, source: source)
    }
}

/// A value given on the command line for this run only.
package struct FlagValue: Sendable, Equatable {
    package var flag: String
    package var value: String

    package init(_ flag: String, _ value: String) {
        self.flag = flag
        self.value = value
    }
}
