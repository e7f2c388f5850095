import BackupModel
import Testing

@testable import AdminCommands

@Suite("Failures as they are told")
struct FailureTests {
    private func told(
        _ error: any Error, of command: any AdminCommand.Type = DatabaseBackup.self, signal: BackupModel.ExitStatus? = nil
    ) -> ([String], BackupModel.ExitStatus) {
        let recorder = Recorder()
        let status = Failure(error, of: command, signal: signal).report(on: recorder.console)
        return (recorder.lines, status)
    }

    @Test("One line with the runbook's words and the chain of causes, then the hint")
    func words() {
        let cause = BackupError(.failed, "disk is gone")
        let (lines, status) = told(BackupError(.outOfSpace, "cannot write /backups/a", hint: "Free space.", cause: cause))
        #expect(lines == ["! ERROR: Backup failed: cannot write /backups/a: disk is gone", "! hint: Free space."])
        #expect(status == .outOfSpace)
    }

    @Test("A failed verification has words of its own")
    func verification() {
        let (lines, status) = told(BackupError(.verificationFailed, "a.sql.gz is damaged"))
        #expect(lines == ["! CRITICAL: Backup verification failed: a.sql.gz is damaged"])
        #expect(status == .verificationFailed)
    }

    @Test("A backup that is saved, and not in every store, has not failed; one that lacks a database has")
    func partly() {
        let error = BackupError(.partlyDone, "backup 1 is stored in 2 of 3 stores, not in s3://b (refused)")
        #expect(told(PartlyDone.told(error, isSaved: false)).0[0].hasPrefix("! ERROR: Backup failed: "))
        let (lines, status) = told(PartlyDone.told(error, isSaved: true))
        #expect(lines == ["! ERROR: Backup partly done: backup 1 is stored in 2 of 3 stores, not in s3://b (refused)"])
        #expect(status == .partlyDone)
    }

    @Test("A restore that meets a damaged file is a failed restore, with the status of a damaged file")
    func damagedRestore() {
        let (lines, status) = told(BackupError(.verificationFailed, "a.sql.gz is damaged"), of: DatabaseRestore.self)
        #expect(lines == ["! ERROR: Restore failed: a.sql.gz is damaged"])
        #expect(status == .verificationFailed)
    }

    @Test("Everything that is wrong has a line, and the hint comes last")
    func several() {
        var error = BackupError(.invalidConfiguration, "A is wrong", hint: "Mend it.")
        error.others = ["B is wrong", "C is wrong"]
        let (lines, status) = told(error)
        #expect(lines == ["A", "B", "C"].map { "! ERROR: Backup failed: \($0) is wrong" } + ["! hint: Mend it."])
        #expect(status == .usage)
    }

    @Test("What fails after a signal failed because of it", arguments: [BackupModel.ExitStatus.hungUp, .interrupted, .terminated])
    func signals(signal: BackupModel.ExitStatus) {
        let (lines, status) = told(CancellationError(), signal: signal)
        #expect(lines == ["! ERROR: Backup failed: \(signal.meaning)"])
        #expect(status == signal)
        #expect(told(BackupError(.failed, "canceling statement"), signal: signal).1 == signal)
    }

    @Test(
        "A backup that was stored before the signal came is stored, and not checked",
        arguments: [BackupModel.ExitStatus.hungUp, .terminated])
    func storedBeforeSignal(signal: BackupModel.ExitStatus) {
        let error = BackupError(.partlyDone, "backup 1 is stored, and was called off before it was checked", hint: "Check it.")
        let (lines, status) = told(PartlyDone.told(error, isSaved: true), signal: signal)
        #expect(lines == ["! ERROR: Backup partly done: \(error.message)", "! hint: Check it."])
        #expect(status == .partlyDone)
        // What lacks something that was asked for was ended by the signal.
        #expect(told(PartlyDone.told(error, isSaved: false), signal: signal).1 == signal)
    }

    @Test("Every code of error has a status of the table", arguments: BackupError.Code.allCases)
    func statuses(code: BackupError.Code) {
        #expect(told(BackupError(code, "x")).1 == code.exitStatus)
        #expect(code.exitStatus != .done)
    }
}
