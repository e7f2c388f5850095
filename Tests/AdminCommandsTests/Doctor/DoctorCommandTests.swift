import BackupModel
import BackupReports
import Doctor
import Testing

@testable import AdminCommands

@Suite("The doctor's command")
struct DoctorCommandTests {
    /// What it answers to settings that cannot be used: then nothing else is looked at.
    private func answer(
        _ arguments: [String] = [], _ environment: [String: String] = [:], style: TextStyle = TextStyle()
    ) async -> (text: String, status: BackupModel.ExitStatus) {
        let recorder = Recorder()
        let all = ["BACKUP_SCHEDULE": "daily", "BACKUP_ENV_FILE": "/dev/null"].merging(environment) { $1 }
        let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_059_600) }, clock: StillClock(), environment: all)
        var console = recorder.console
        console.style = style
        let status = await CallCenterAdmin.run(["doctor"] + arguments, in: Session(context: context, console: console))
        return (recorder.written.joined(), status)
    }

    @Test("A failure has status 3 and says so on standard output alone")
    func failure() async {
        let (text, status) = await answer()
        #expect(status.rawValue == 3)
        #expect(text.contains("✗ The settings cannot be used"))
        #expect(!text.contains("CRITICAL"))
    }

    @Test("At a terminal what is wrong is red, byte by byte, and what was not looked at has no colour")
    func colours() async {
        let lines = await answer(style: TextStyle(isColoured: true)).text.split(separator: "\n").map(String.init)
        #expect(lines.prefix(6).allSatisfy { $0.hasPrefix("– ") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("\u{1B}[31m✗\u{1B}[0m 7. Configuration ") }, "\(lines)")
        #expect(lines.contains("\u{1B}[31m1 failure (0.00 s)\u{1B}[0m"), "\(lines)")
        #expect(lines.contains("\u{1B}[31m✗\u{1B}[0m \u{1B}[31mThe settings cannot be used\u{1B}[0m"), "\(lines)")
        let plain = await answer().text
        #expect(!plain.contains("\u{1B}"))
    }

    @Test("There what is well is green, and a warning yellow")
    func milderColours() {
        var around = Surroundings(.bare, postgres: .init(host: "localhost", port: 5432))
        around.redis = .init(host: "localhost", port: 6379)
        var facts = Examination(
            now: Instant(secondsSinceEpoch: 1_771_059_600), surroundings: around, configuration: ConfigurationCondition(given: 7))
        var server = RedisCondition.Server(place: "localhost:6379", version: "Redis 7.0.15")
        server.snapshotFailed = true
        facts.redis = RedisCondition(servers: .known([server]))
        let text = DoctorAnswer(report: DoctorReport(facts), language: .english).text(TextStyle(isColoured: true))
        #expect(text.contains("\n\u{1B}[33m!\u{1B}[0m 6. Redis "), "\(text)")
        #expect(text.contains("\n\u{1B}[32m✓\u{1B}[0m 7. Configuration "), "\(text)")
        #expect(text.contains("\u{1B}[33m!\u{1B}[0m \u{1B}[33mRedis cannot save its own data\u{1B}[0m"), "\(text)")
    }

    @Test("It speaks the language of the surroundings, or the one that is asked for")
    func language() async {
        #expect(await answer([], ["LANG": "ru_RU.UTF-8"]).text.contains("✗ Настройки непригодны"))
        #expect(await answer([], ["LANG": "ru_RU.UTF-8", "LC_ALL": "C"]).text.contains("✗ The settings"))
        #expect(await answer(["--lang", "en"], ["LANG": "ru_RU.UTF-8"]).text.contains("✗ The settings"))
        #expect(await answer(["--lang", "xx"]).status == .usage)
    }

    @Test("Programs get the same as JSON")
    func json() async {
        let (text, status) = await answer(["--json"])
        #expect(text.contains("\"code\" : \"configuration-invalid\""))
        #expect(text.contains("\"verdict\" : \"failures\""))
        #expect(status.rawValue == 3)
    }
}
