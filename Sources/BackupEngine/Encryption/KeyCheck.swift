import BackupCatalog
import BackupModel
import BytePipeline

/// Finds out whether encrypted backups can be opened again: the settings, and the newest backup of every store.
package struct KeyCheck: Sendable {
    package typealias Finding = ConfigurationCheck.Finding

    let settings: EncryptionSettings
    let catalogs: [Catalog]

    init(_ settings: EncryptionSettings, catalogs: [Catalog]) {
        self.settings = settings
        self.catalogs = catalogs
    }

    package func run() async -> [Finding] {
        var recipients: [AgeRecipient] = []
        // Nil where they cannot be used: that is said, and what follows from it is no finding of its own.
        var identities: [AgeIdentity]?
        var findings = [
            finding("BACKUP_AGE_RECIPIENTS") {
                recipients = try settings.recipients()
                return describe(recipients)
            },
            finding("BACKUP_AGE_IDENTITY_FILE") {
                let known = try settings.identities()
                identities = known
                return describe(known)
            },
        ]
        if let identities { findings += recipients.map { prove($0, identities) } }
        var newest: [Finding] = []
        for catalog in catalogs {
            if let finding = await self.newest(in: catalog, identities, isExpected: !recipients.isEmpty) { newest.append(finding) }
        }
        return findings + Self.sayingOnce(newest)
    }

    /// Which keys do not open what is said of the first store: what lies in the others is the same.
    private static func sayingOnce(_ findings: [Finding]) -> [Finding] {
        let first = findings.firstIndex { $0.failure?.code == .permissionDenied }
        return findings.indices.map { place in
            var finding = findings[place]
            guard finding.failure?.code == .permissionDenied, place != first else { return finding }
            finding.message = "no identity that is known here opens this one, either"
            finding.outcome = .failed(BackupError(.permissionDenied, finding.message))
            return finding
        }
    }

    private func finding(_ name: String, _ check: () throws -> (String, Finding.Outcome)) -> Finding {
        do {
            let (message, outcome) = try check()
            return Finding(name: name, message: message, outcome: outcome)
        } catch { return failed(name, error) }
    }

    private func failed(_ name: String, _ error: any Error) -> Finding {
        let failure = error as? BackupError ?? BackupError(.failed, "\(error)")
        return Finding(name: name, message: "\(failure)", outcome: .failed(failure))
    }

    private func describe(_ recipients: [AgeRecipient]) -> (String, Finding.Outcome) {
        guard recipients.isEmpty else { return ("backups are encrypted to \(recipients.count.counted("recipient"))", .good) }
        return (
            "backups are not encrypted",
            .doubtful(
                hint: "Make a key with `call-center-admin key generate ./identity.txt`, and put the recipient it prints into the setting.")
        )
    }

    private func describe(_ identities: [AgeIdentity]) -> (String, Finding.Outcome) {
        guard let file = settings.identityFile else { return ("no identity is known here", .good) }
        return ("\(file) holds \(identities.count.counted("identity", "identities"))", .good)
    }

    /// A host that cannot open its own backups is the safer one; but somebody has to be sure of the key.
    private func prove(_ recipient: AgeRecipient, _ identities: [AgeIdentity]) -> Finding {
        let name = "recipient \(recipient)"
        guard !identities.contains(where: { $0.recipient == recipient }) else {
            return Finding(name: name, message: "its identity is known here", outcome: .good)
        }
        return Finding(
            name: name, message: "its identity is not known here, so what only it can open cannot be verified or restored here",
            outcome: .doubtful(
                hint: "That keeps a thief of this host from reading backups. Prove the identity where it is kept: "
                    + "`BACKUP_AGE_IDENTITY_FILE=FILE call-center-admin key check`, or `age -d -i FILE BACKUP.age | zcat | head`."))
    }

    /// Nil where it says nothing that was not said of the identities.
    private func newest(in catalog: Catalog, _ identities: [AgeIdentity]?, isExpected: Bool) async -> Finding? {
        let name = "newest backup in \(catalog.store.name)"
        do {
            guard let point = try await catalog.listIfThere()?.points.first else {
                return Finding(name: name, message: "there is none yet", outcome: .good)
            }
            let found = try await open(point, in: catalog, identities, isExpected: isExpected)
            return found.map { Finding(name: name, message: $0.0, outcome: $0.1) }
        } catch { return failed(name, error) }
    }

    private func open(
        _ point: RecoveryPoint, in catalog: Catalog, _ identities: [AgeIdentity]?, isExpected: Bool
    ) async throws -> (String, Finding.Outcome)? {
        let sealed = point.manifest.artifacts.filter { ArtifactName.isEncrypted($0.key) && !point.missing.contains($0.key) }
        let plain = point.manifest.artifacts.contains { !ArtifactName.isEncrypted($0.key) }
        if plain, isExpected { return ("\(point.id) is not encrypted", .doubtful(hint: "The next backup will be.")) }
        guard !sealed.isEmpty else { return ("\(point.id) is not encrypted", .good) }
        guard let identities else { return nil }
        guard !identities.isEmpty else {
            return (
                "\(point.id) is encrypted, and no identity is known here to open it",
                .doubtful(
                    hint:
                        "Prove that it can be opened where the identity is kept: `age -d -i FILE \(Shell.quoted(sealed[0].key)) | zcat | head`."
                )
            )
        }
        for artifact in sealed {
            _ = try await AgeFile.open(
                try await catalog.store.open(artifact.key), name: "\(artifact.key) in \(catalog.store.name)", identities: identities,
                recipients: artifact.encryption?.recipients ?? [])
        }
        return ("\(point.id) can be opened: \(sealed.count.counted("file"))", .good)
    }
}
