import BackupModel
import Testing

@testable import AdminCommands

@Suite("The doctor's command")
struct DoctorCommandTests {
    /// What it answers to settings that cannot be used: then nothing else is looked at.
    private func answer(_ arguments: [String] = [], _ environment: [String: String] = [:]) async -> (
        text: String, status: BackupModel.ExitStatus
    ) {
        let recorder = Recorder()
        let all = ["BACKUP_SCHEDULE": "daily", "BACKUP_ENV_FILE": "/dev/null"].merging(environment) { $1 }
        let context = RunContext(now: { Instant(secondsSinceEpoch: 1_771_059_600) }, clock: StillClock(), environment: all)
        let status = await CallCenterAdmin.run(["doctor"] + arguments, in: Session(context: context, console: recorder.console))
        return (recorder.written.joined(), status)
    }

    @Test("A failure has status 3 and says so on standard output alone")
    func failure() async {
        let (text, status) = await answer()
        #expect(status.rawValue == 3)
        #expect(text.contains("✗ The settings cannot be used"))
        #expect(!text.contains("CRITICAL"))
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
