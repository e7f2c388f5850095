import ArgumentParser
import BackupEngine
import BackupModel

/// `key decrypt`: what an encrypted file holds.
struct KeyDecrypt: AdminCommand {
    static let failureWords = "ERROR: Decryption failed"
    static let verdictWords = failureWords

    static let configuration = CommandConfiguration(
        commandName: "decrypt",
        abstract: "Decrypt a file.",
        discussion: HelpText.discussion(
            "Does what `age -d` does, on all processors, and for any file encrypted to an age X25519 recipient. Restoring and verifying need no such step: "
                + "they open encrypted backups themselves. What leaves it has been authenticated, but only status 0 says that it was all of it.",
            examples: [
                ("call-center-admin key decrypt call_center-20260214T020000Z.sql.gz.age | zcat | psql -d restored", "by hand"),
                ("call-center-admin key decrypt --identity restore.key --output dump.sql.gz dump.sql.gz.age", "into a file"),
            ]
        )
    )

    @Argument(help: ArgumentHelp("The encrypted file.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("A file of age identities; BACKUP_AGE_IDENTITY_FILE otherwise.", valueName: "file"), completion: .file())
    var identity: String?

    @Option(help: ArgumentHelp("Where to write; standard output otherwise. Never overwritten.", valueName: "file"), completion: .file())
    var output: String?

    func execute(_ session: Session) async throws {
        let flags = identity.map { ["BACKUP_AGE_IDENTITY_FILE": FlagValue("--identity", $0)] } ?? [:]
        let identities = try await session.configuration(flags: flags).encryption.identities()
        let decryption = Decryption(identities: identities, lanes: session.context.processors)
        let target = output.map { Decryption.Output.file(absolutePath($0, context: session.context)) } ?? .standardOutput
        let bytes = try await decryption(absolutePath(file, context: session.context), to: target)
        if let output { session.console.note("\(output): \(ByteSize(bytes))") }
    }
}
