import BackupModel
package import BytePipeline

/// Whom backups are encrypted to, and what opens them here. Key files are read when they are needed, so that what needs no keys works without them.
package struct EncryptionSettings: Sendable {
    /// Recipients, and paths of files of recipients.
    private var recipientTexts: [String]
    /// Whether somebody has said that backups are not to be encrypted.
    package let isDeclined: Bool
    /// Nil where this host cannot open its own encrypted backups.
    package var identityFile: String?
    private let context: RunContext

    init(_ read: SettingReader) throws {
        let texts = try read.list(.ageRecipients)
        isDeclined = texts == ["none"]
        recipientTexts = isDeclined ? [] : texts
        identityFile = try read.path(.ageIdentityFile)
        context = read.context
        for text in recipientTexts where Self.isKey(text) { try Self.explained(.ageRecipients, read) { _ = try AgeRecipient(text) } }
    }

    /// Whether backups are encrypted.
    package var isOn: Bool { !recipientTexts.isEmpty }

    /// Whatever the settings say: for an export that whoever gets it can read without a key.
    package mutating func turnOff() { recipientTexts = [] }

    /// Everyone who shall be able to open the backups; empty when they are not encrypted.
    /// - Throws: `.invalidConfiguration` for a file that cannot be read or holds no recipient.
    package func recipients() throws -> [AgeRecipient] {
        let all = try recipientTexts.flatMap { text in
            Self.isKey(text) ? [try AgeRecipient(text)] : try KeyFile.recipients(in: absolutePath(text, context: context))
        }
        var seen: Set<AgeRecipient> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// What can be opened here; empty where no identity file is named.
    /// - Throws: `.invalidConfiguration` for a file that cannot be read, holds no identity, or is open to others.
    package func identities() throws -> [AgeIdentity] { try identityFile.map { try KeyFile.identities(in: $0) } ?? [] }

    /// Keys never begin like a path; whoever gives an identity is told so before anybody looks for a file of that name.
    private static func isKey(_ text: String) -> Bool {
        let lower = text.lowercased()
        return lower.hasPrefix("age1") || lower.hasPrefix("age-secret-key-") || lower.hasPrefix("ssh-")
    }

    private static func explained(_ setting: Setting, _ read: SettingReader, _ body: () throws -> Void) throws {
        do { try body() } catch let error as BackupError {
            throw BackupError(
                .invalidConfiguration, "\(setting.name)\(read.place(setting)) cannot be used: \(error.message)", hint: error.hint)
        }
    }
}

extension Setting {
    static let ageRecipients = Setting(
        "BACKUP_AGE_RECIPIENTS", "encryption.recipients", .list,
        "Encrypts backups with age, so that any of these recipients can open them: age1… texts or paths of files of them. "
            + "Unset or none: not encrypted; none says that this is meant."
    )
    static let ageIdentityFile = Setting(
        "BACKUP_AGE_IDENTITY_FILE", "encryption.identity_file", .path,
        "A file of age identities to open encrypted backups with, for verification and restore; nobody else may read it. Taking backups needs none."
    )

    static let encryption = [ageRecipients, ageIdentityFile]
}
