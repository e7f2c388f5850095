import BackupModel
import DumpFormat
import Testing

@testable import BackupEngine
@testable import Postgres

@Suite("What is wrong with a copy that was restored")
struct CopyFaultsTests {
    private let damage = BackupError(.verificationFailed, "a run is damaged", cause: DumpFormatError(.copyStatementMalformed))

    @Test("is why a restore failed where the copy could not be read, or was damaged, and else nothing is")
    func fault() {
        let faults = CopyFaults()
        #expect(faults.fault(behind: BackupError(.failed, "the disk is full")) == nil)
        #expect(faults.fault(behind: damage)?.message == "a run is damaged")
        faults.note(BackupError(.stalled, "the store was silent"))
        #expect(faults.fault(behind: BackupError(.failed, "the restore stopped"))?.code == .stalled)
    }

    @Test("is no reason to try another where the target could not be cleaned")
    func remains() {
        let faults = CopyFaults()
        faults.note(BackupError(.stalled, "the store was silent"))
        let failure = BackupError(.failed, "it stopped; what was restored could not be removed", cause: FailedUndo(of: damage))
        #expect(faults.fault(behind: failure) == nil)
        #expect(faults.fault(behind: BackupError(.failed, "the restore stopped", cause: failure)) == nil)
    }
}
