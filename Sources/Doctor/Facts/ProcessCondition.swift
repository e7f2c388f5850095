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

    /// Whether it is the service that the settings mean.
    package enum Kinship: Sendable, Equatable {
        case ours
        /// It has read a file of settings that has changed since.
        case outdated
        /// It keeps its state elsewhere.
        case another
        /// It does not say, or who looks cannot know what ours would say: the environment of the two may differ, as that of a container does from its
        /// machine's.
        case unknown
    }

    package var answer: Answer
    /// What it says of itself.
    package var fingerprint: ServiceFingerprint?
    package var kinship = Kinship.unknown
    /// Where it was asked.
    package var place: String
    /// Whether a service is installed here, or has run here before.
    package var isExpected: Bool
    /// What systemd knows it as, where it is installed on this machine.
    package var unit: String?
    /// The program beside ours, where it has run on this machine and nothing but a shell starts it.
    package var program: String?
    /// The one of this machine that has the address, where it is called as our service is.
    package var listener: Int32?
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

extension ProcessCondition.Kinship {
    /// - Parameters:
    ///   - said: what the service that answers says of itself.
    ///   - own: what ours would say; nil where none has ever kept its state there.
    package init(_ said: ServiceFingerprint, own: ServiceFingerprint?) {
        guard let own, own.installation == said.installation else {
            self = .another
            return
        }
        self = own.settings == said.settings ? .ours : own.differs(inFilesOf: said) ? .outdated : .unknown
    }
}
