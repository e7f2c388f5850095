import BackupModel
import BackupReports

/// A failure the doctor knows the cause of.
struct Explained: Error {
    let error: any Error
    let cause: ExaminedCause

    /// - Parameter examination: what was found after the failure; nil where nobody has looked.
    /// - Returns: what to throw.
    static func by(_ examination: ExaminationFacts?, _ error: any Error) -> any Error {
        let failure = (error as? PartlyDone)?.error ?? error as? BackupError
        guard let failure, let cause = examination?.cause(of: RunFailure(failure)) else { return error }
        return Explained(error: error, cause: cause)
    }

    /// In short: what it is, what shows it, what to type first, and whom to call; `call-center-admin doctor` has the rest.
    var lines: [String] {
        let shown = cause.evidence.map { ["shown by: \($0.english)"] } ?? []
        return ["diagnosis: \(cause.summary.english) (\(cause.code))"] + shown + cause.commands.prefix(1).map { "next: \($0)" }
            + ["runbook: \(cause.section.heading.english)", "call: \(cause.team.name.english)"]
    }
}
