package import BackupModel

/// The service: whether it answers, and whether it is meant to.
package struct ProcessCondition: Sendable, Equatable {
    package enum Answer: Sendable, Equatable {
        case well
        /// It answers, and says that it is not well.
        case unwell(status: Int)
        /// Somebody else answers where it is meant to be, in these words.
        case stranger(String)
        case nobody
        case silent
        /// It has no address to be asked at.
        case unknown
    }

    package var answer: Answer
    /// Where it was asked.
    package var place: String
    /// Whether a service is installed here, or has run here before.
    package var isExpected: Bool
    /// What systemd knows it as, where it is installed on this machine.
    package var unit: String?
    /// The program beside ours, where it has run on this machine and nothing but a shell starts it.
    package var program: String?
    /// When it began a run last.
    package var lastRun: Instant?

    package init(_ answer: Answer, place: String, isExpected: Bool, unit: String? = nil, lastRun: Instant? = nil) {
        self.answer = answer
        self.place = place
        self.isExpected = isExpected
        self.unit = unit
        self.lastRun = lastRun
    }
}
