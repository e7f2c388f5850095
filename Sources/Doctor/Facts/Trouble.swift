import BackupModel
package import BackupReports

/// Why something could not be looked at, told apart as far as the remedies differ.
package struct Trouble: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Nobody listens there.
        case notListening
        case unknownHost
        /// It did not answer within the time there was, whatever it is.
        case silent
        /// A wrong password, or none; the keys of a bucket.
        case credentials
        /// The server does not let this host or role in at all: pg_hba.conf, Redis' protected mode.
        case accessRules
        case databaseMissing
        /// The database takes no connections, or none of ours.
        case databaseClosed
        /// The role may not log in, or is none.
        case roleRefused
        /// It is starting, loading or stopping.
        case notReady
        /// No room for another connection.
        case crowded
        /// Known, and not allowed to do it.
        case denied
        case bucketMissing
        /// The bucket is in another region than the settings say.
        case region
        case clock
        case folderMissing
        case readOnly
        case full
        case invalid
        case other
    }

    package var kind: Kind
    /// As the error says it: lowercase, without a full stop and without secrets.
    package var message: String
    package var hint: String?
    /// The message in Russian, where it is ours; what programs say stays in the language they say it in.
    package var russian: String?

    package init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    /// One that did not answer within the time there was.
    package static func silent(_ subject: Bilingual, after limit: Duration) -> Trouble {
        var trouble = Trouble(.silent, "\(subject.english) did not answer within \(limit.briefly)")
        trouble.russian = "нет ответа за \(limit.inRussian): \(subject.russian)"
        return trouble
    }
}
