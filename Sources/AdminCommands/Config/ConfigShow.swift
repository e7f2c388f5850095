import ArgumentParser
import BackupEngine

/// `config show`: every setting, its value and where that came from. Secrets are not shown.
struct ConfigShow: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print every setting with its value and source; secrets are redacted.",
        discussion: HelpText.discussion(
            "The source is a flag, the environment, a file's path, or “default”.",
            examples: [
                ("call-center-admin config show --json | jq '.settings[] | select(.source != \"default\")'", "only what somebody set")
            ]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        try output.renderer(session).render(SettingsReport(try await session.configuration()))
    }
}

/// The settings as they are printed.
struct SettingsReport: Report {
    struct Entry: Encodable {
        var name: String
        var value: String?
        var source: String
    }

    var settings: [Entry]
    var warnings: [String]

    init(_ configuration: BackupConfiguration) {
        settings = configuration.settings.map { Entry(name: $0.setting.name, value: $0.shown, source: $0.source.description) }
        warnings = configuration.warnings
    }

    func text(_ style: TextStyle) -> String {
        TextTable("SETTING", "VALUE", "SOURCE", rows: settings.map { [$0.name, $0.value ?? "-", $0.value == nil ? "" : $0.source] }).text(
            style)
    }
}
