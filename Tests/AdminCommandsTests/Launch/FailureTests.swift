import BackupModel
import Testing

@testable import AdminCommands

@Suite("Failures as they are told")
struct FailureTests {
    private func told(_ error: any Error, signal: BackupModel.ExitStatus? = nil) -> ([String], BackupModel.ExitStatus) {
        let recorder = Recorder()
        let status = Failure(error, of: "ERROR: Backup failed", signal: signal).report(on: recorder.console)
        return (recorder.lines, status)
    }

    @Test("One line with the runbook's words and the chain of causes, then the hint")
    func words() {
        let cause = BackupError(.failed, "disk is gone")
        let (lines, status) = told(BackupError(.outOfSpace, "cannot write /backups/a", hint: "Free space.", cause: cause))
        #expect(lines == ["! ERROR: Backup failed: cannot write /backups/a: disk is gone", "! hint: Free space."])
        #expect(status == .outOfSpace)
    }

    @Test("A failed verification has words of its own, whichever command found it")
    func verification() {
        let (lines, status) = told(BackupError(.verificationFailed, "a.sql.gz is damaged"))
        #expect(lines == ["! CRITICAL: Backup verification failed: a.sql.gz is damaged"])
        #expect(status == .verificationFailed)
    }

    @Test("What fails after a signal failed because of it", arguments: [BackupModel.ExitStatus.interrupted, .terminated])
    func signals(signal: BackupModel.ExitStatus) {
        let (lines, status) = told(CancellationError(), signal: signal)
        #expect(lines == ["! ERROR: Backup failed: \(signal.meaning)"])
        #expect(status == signal)
        #expect(told(BackupError(.failed, "canceling statement"), signal: signal).1 == signal)
    }

    @Test("Every code of error has a status of the table", arguments: BackupError.Code.allCases)
    func statuses(code: BackupError.Code) {
        #expect(told(BackupError(code, "x")).1 == code.exitStatus)
        #expect(code.exitStatus != .done)
    }
}
