import BackupModel
import BytePipeline
import Postgres
import ScratchServers

extension ConfigurationCheck {
    /// How backups will be proved on this host: whatever is missing is known before the first of them is taken.
    func proof() async throws -> (String, Finding.Outcome) {
        let settings = configuration.verification
        guard settings.policy.restores else { return ("backups are not restored for a proof (BACKUP_VERIFY_LEVEL)", .good) }
        let place = ScratchPlace(configuration)
        let (account, free) = try place.probe()
        let room = free.map { ", \(ByteSize($0)) free" } ?? ""
        let version: Int
        do { version = try await withServer(configuration.databases[0]) { try await $0.serverVersion } } catch is BackupError {
            return (
                "in \(place.folder)\(room), as \(account); whether the server's release is installed here is not known, as it did not answer",
                .doubtful(hint: "Run the check again when the server can be reached.")
            )
        }
        do {
            let programs = try await ServerPrograms.find(
                major: version / 10_000, preferred: configuration.programFolder, path: configuration.searchPath)
            if let sealed = try sealed() { return sealed }
            return ("by restore, with the server programs in \(programs.folder), in \(place.folder)\(room), as \(account)", .good)
        } catch let unavailable as ScratchUnavailable {
            return ("by content, not by restore: \(unavailable.reason)", .doubtful(hint: unavailable.hint))
        }
    }
}

extension ConfigurationCheck {
    /// What is encrypted to others only is not restored here; nil where that is no hindrance.
    private func sealed() throws -> (String, Finding.Outcome)? {
        let recipients = try configuration.encryption.recipients()
        let identities = try configuration.encryption.identities()
        guard !recipients.isEmpty, !identities.contains(where: { recipients.contains($0.recipient) }) else { return nil }
        let which = identities.isEmpty ? "no identity is known here" : "the identity that is known here is of none of the recipients"
        return (
            "by digest, not by restore: backups are encrypted, and \(which)",
            .doubtful(
                hint:
                    "Verify them where the identity is kept; or name its file in BACKUP_AGE_IDENTITY_FILE. `call-center-admin key check` says more."
            )
        )
    }
}

extension ScratchPlace {
    init(_ configuration: BackupConfiguration) {
        let settings = configuration.verification
        self.init(
            folder: settings.scratchFolder, user: settings.scratchUser, memory: settings.scratchMemory, path: configuration.searchPath)
    }
}
