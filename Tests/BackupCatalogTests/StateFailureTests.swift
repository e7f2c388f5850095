import BackupModel
import Glibc
import Testing

@testable import BackupCatalog

@Suite("What keeps a file in BACKUP_STATE_DIR from being used")
struct StateFailureTests {
    @Test(
        "A full disk is told from a folder that may not be written",
        arguments: [
            (ENOSPC, BackupError.Code.outOfSpace, "df -h"), (EDQUOT, .outOfSpace, "df -h"), (EROFS, .storeReadOnly, "has to be writable"),
            (EACCES, .storeFailed, "has to be writable"),
        ])
    func codes(number: Int32, code: BackupError.Code, hint: String) {
        let failure = StateFailure.of("write", "the journal /state/1", number)
        #expect(failure.code == code)
        #expect(failure.hint?.contains(hint) == true)
        #expect(failure.message.hasPrefix("cannot write the journal /state/1: "))
    }
}
