import BackupModel
import DumpFormat

/// Where a restore stopped, around the error that stopped it.
struct RestoreFailure {
    let error: any Error

    /// - Parameter place: completes "the restore stopped while …".
    init(while place: String, _ cause: any Error) {
        guard !(cause is CancellationError) else {
            error = cause
            return
        }
        let under = cause as? BackupError
        let isDamage = cause is DumpFormatError || cause is ScriptError
        error = BackupError(
            under?.code ?? (isDamage ? .verificationFailed : .failed), "the restore stopped while \(place)",
            hint: under?.hint ?? (isDamage ? Self.damageHint : nil), cause: cause)
    }

    private static let damageHint =
        "The file is damaged: `call-center-admin db list` shows which other backups there are. What is whole of it can be restored table by table."
}
