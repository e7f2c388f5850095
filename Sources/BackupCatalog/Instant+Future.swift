package import BackupModel

extension Instant {
    /// A backup from later than this after now shows a clock that is wrong, or was.
    private static let clockTolerance = Duration.seconds(3600)

    package func isFuture(at now: Instant) -> Bool { self - now > Self.clockTolerance }
}
