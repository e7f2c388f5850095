import ArgumentParser
import BackupEngine
import BackupModel
import BackupReports

/// `alert test`: does anybody hear us?
struct AlertTestCommand: AdminCommand {
    static let failureWords = "ERROR: Alert could not be delivered"

    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a test through every channel of alerts.",
        discussion: HelpText.discussion(
            "Opens an alert that says that it is a test, and resolves it, through PagerDuty, webhook and e-mail and to every contact of the "
                + "escalation; the heartbeat's URL is asked as after a backup, so that it counts as one. Whoever is on call is called: tell them before. "
                + "Exit status 1 when no channel took it, 8 when some did, 2 when none is configured.",
            examples: [("call-center-admin alert test", "after the settings of alerts were changed")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let settings = try await session.configuration().alerts
        guard !settings.isEmpty else { throw Self.nobody }
        let results = await AlertTrial(settings: settings, host: session.context.host, context: session.context).run()
        try output.renderer(session).render(AlertTestReport(channels: results.map(AlertTestReport.Channel.init)))
        if let failure = Self.failure(results) { throw failure }
    }

    private static let nobody = BackupError(
        .invalidConfiguration, AlertSettings.nobodyIsTold, hint: AlertSettings.channelHint)

    private static func failure(_ results: [AlertTrial.Result]) -> BackupError? {
        let failed = results.filter { $0.failure != nil }
        guard !failed.isEmpty else { return results.isEmpty ? nobody : nil }
        return failed.map { result in
            BackupError(
                failed.count == results.count ? .failed : .partlyDone, "\(result.channel): \(result.failure ?? "")",
                hint: "Mend the settings of the channel (`call-center-admin config show`), and try again.")
        }.asOne()
    }
}

/// What became of the test, as it is printed.
struct AlertTestReport: Report {
    struct Channel: Encodable {
        var name: String
        var delivered: Bool
        var failure: String?

        init(_ result: AlertTrial.Result) {
            name = result.channel
            delivered = result.failure == nil
            failure = result.failure
        }
    }

    var channels: [Channel]

    func text(_ style: TextStyle) -> String {
        let width = channels.map(\.name.count).max() ?? 0
        return channels.map { channel in
            let name = channel.name + String(repeating: " ", count: width - channel.name.count)
            return "\(channel.delivered ? style.good("ok    ") : style.alarm("FAILED"))  \(name)  \(channel.failure ?? "took it")"
        }.joined(separator: "\n")
    }
}
