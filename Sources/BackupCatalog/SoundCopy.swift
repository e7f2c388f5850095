package import BackupModel

/// A copy of a backup that nothing bad is known of, and the one place that says how files in another store, which are not what they should be, are made
/// anew from it. Pure.
package struct SoundCopy: Sendable, Equatable {
    package var id: RecoveryPointID
    package var store: String
    /// What is to be made anew.
    package var keys: [String]
    /// When the last checks of these files passed there, the first of them; nil where one of them did not.
    package var passedAt: Instant?

    package init(of id: RecoveryPointID, in store: String, keys: [String], _ verifications: [Verification]) {
        self.id = id
        self.store = store
        self.keys = keys
        let last = keys.map { key in verifications.last { $0.artifact == key && $0.store == store } }
        passedAt = last.allSatisfy { $0?.passed == true } ? last.compactMap { $0?.at }.min() : nil
    }

    /// - Parameter place: the store the files lie in that are not what they should be.
    package func remedy(in place: String) -> String {
        let deletion = "elete \(keys.joined(separator: ", ")) from \(place) and run `call-center-admin db sync`, which copies it anew."
        if let passedAt { return "\(store) has a copy that passed at \(passedAt.display). D\(deletion)" }
        let check = "call-center-admin db verify-backup \(Shell.quoted("\(store)/\(id)"))"
        return "\(store) has a copy nothing bad is known of. Check it (`\(check)`); when it passes, d\(deletion)"
    }
}
