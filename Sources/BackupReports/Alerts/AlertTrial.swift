package import BackupModel

/// A test of the alerts: one that says that it is none, and its end, through every channel, past the outbox.
package struct AlertTrial: Sendable {
    let settings: AlertSettings
    let host: String
    let context: RunContext

    package init(settings: AlertSettings, host: String, context: RunContext) {
        self.settings = settings
        self.host = host
        self.context = context
    }

    /// What one channel did with it.
    package struct Result: Sendable, Equatable {
        package var channel: String
        /// Nil when it took everything.
        package var failure: String?
    }

    /// In the order of the settings, each channel after the one before.
    package func run() async -> [Result] {
        var results: [Result] = []
        for channel in AlertRouting(settings: settings).channels(context: context) {
            results.append(Result(channel: channel.name, failure: await failure(of: channel)))
        }
        return results
    }

    private func failure(of channel: any AlertChannel) async -> String? {
        do {
            for (number, content) in contents(for: channel).enumerated() {
                try await channel.deliver(AlertParcel(id: "test-\(context.now().millisecondsSinceEpoch)-\(number + 1)", content: content))
            }
            return nil
        } catch {
            return error.reason
        }
    }

    /// The heartbeat's is a real one, as there is no other: it says that all is well.
    private func contents(for channel: any AlertChannel) -> [AlertParcel.Content] {
        guard channel.name != AlertRouting.heartbeat else {
            return [.heartbeat(Heartbeat(run: "test", succeeded: true, at: context.now(), failure: nil))]
        }
        return [AlertMessage.Action.trigger, .resolve].map { action in
            .alert(AlertMessage(action: action, alert: alert, at: context.now(), isTest: true))
        }
    }

    private var alert: Alert {
        func words(_ english: String, _ russian: String) -> String { Bilingual(english, russian)[settings.language] }
        let line = Alert.Line(
            code: .failed, summary: words("This is a test", "Это проверка"),
            evidence: words("somebody ran `call-center-admin alert test` on \(host)", "на \(host) запущена `call-center-admin alert test`"),
            remedy: words("nothing", "ничего"), section: RunbookSection.backup.heading.russian, team: .devops)
        return Alert(
            key: "\(settings.name)/test", language: settings.language, severity: .critical, title: "Backup Failed",
            summary: "Backup Failed: "
                + words("this is only a test, \(settings.name) on \(host)", "это только проверка, \(settings.name) на \(host)"),
            subject: .service, team: .devops, host: host, since: context.now(), reasons: [line], diagnosis: nil, runbook: settings.runbook,
            escalations: [], isTold: true)
    }
}
