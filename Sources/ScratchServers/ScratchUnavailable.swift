/// A proof cannot be made on this host. It says nothing against the backup.
package struct ScratchUnavailable: Error, Sendable, Equatable {
    package enum Kind: String, Sendable, Codable {
        /// No server of that kind and release is installed.
        case programs
        /// The server lacks something the backup needs: an extension, a locale, a module.
        case component
        /// The scratch folder has too little free space.
        case space
        /// The data needs more memory than a scratch server may have, or than is free.
        case memory
    }

    package let kind: Kind
    /// Lowercase, without a full stop.
    package let reason: String
    /// A sentence with the next command or setting.
    package let hint: String

    package init(_ kind: Kind, _ reason: String, hint: String) {
        self.kind = kind
        self.reason = reason
        self.hint = hint
    }
}

extension ScratchUnavailable: CustomStringConvertible {
    package var description: String { reason }
}
