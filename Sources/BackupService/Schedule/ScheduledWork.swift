package import BackupEngine
package import BackupModel

/// One thing to be done now.
package struct Errand: Sendable, Equatable {
    package var kind: RunRecord.Kind
    /// With the id the run is to have.
    package var occasion: RunOccasion
    /// For people.
    package var reason: String
    /// What is to be verified; nil for everything else.
    package var point: RecoveryPointID?

    package init(_ kind: RunRecord.Kind, _ occasion: RunOccasion, reason: String, point: RecoveryPointID? = nil) {
        self.kind = kind
        self.occasion = occasion
        self.reason = reason
        self.point = point
    }
}

/// What came of it.
package enum ErrandEnd: Sendable {
    /// Another run holds a lock, or has done it already: nothing was begun.
    case busy(BackupError)
    /// There was nothing to do, which is no run to record.
    case idle
    case ended([TargetOutcome], BackupError?)
}

/// Whether the newest backup of everything was checked, as far as anybody can say.
package enum CheckStanding: Sendable, Equatable {
    /// It was, or was not to be; or there is none.
    case settled
    /// It was to be, and nobody has.
    case open(RecoveryPointID)
    /// No store says so, or the run that took it is still at work.
    case unknown
}

/// Whoever does what the schedule decides. The questions are answered within a bound, and at once by who is called off.
package protocol ScheduledWork: Sendable {
    /// The runs on record, newest first, for as long back as a schedule may ask.
    func runs(_ configuration: BackupConfiguration) async -> [RunRecord]
    /// When the newest backup of everything was begun that the stores have; nil where none can be found, or no store says so.
    func covered(_ configuration: BackupConfiguration) async -> Instant?
    func check(_ configuration: BackupConfiguration) async -> CheckStanding
    func perform(_ errand: Errand, _ configuration: BackupConfiguration) async -> ErrandEnd
}
