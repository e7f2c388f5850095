/// The keys of encrypted backups.
package struct KeyCondition: Sendable, Equatable {
    package var isEncrypting: Bool
    /// Whether the settings say that nothing is to be encrypted.
    package var isDeclined = false
    /// Why recipients or identities of the settings cannot be used.
    package var unusable: Trouble?
    /// Whether an identity is known on this host.
    package var hasIdentity: Bool
    /// Why the newest encrypted backup cannot be opened with the identities here; nil where it can, or none is known here.
    package var unopened: Trouble?
    /// The file that the settings name for identities, where something is wrong with it.
    package var identityFile: String?

    package init(isEncrypting: Bool, hasIdentity: Bool = false, unusable: Trouble? = nil, unopened: Trouble? = nil) {
        self.isEncrypting = isEncrypting
        self.hasIdentity = hasIdentity
        self.unusable = unusable
        self.unopened = unopened
    }
}
