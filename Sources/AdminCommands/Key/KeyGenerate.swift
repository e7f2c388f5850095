import ArgumentParser
import BackupEngine
import BackupModel
import BytePipeline

/// `key generate`: a new age key.
struct KeyGenerate: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a key to encrypt backups with.",
        discussion: HelpText.discussion(
            "Writes an age identity into a new file that only its owner may read, as age-keygen does, and prints its recipient. Whoever has the "
                + "recipient can encrypt; only the identity opens. Without it every backup encrypted to it is lost, so keep it in two places, and "
                + "off this host if a stolen host shall give nothing away.",
            examples: [
                ("call-center-admin key generate /media/usb/restore.key", "a key that is kept elsewhere"),
                ("call-center-admin key check", "afterwards"),
            ]
        )
    )

    @Argument(help: ArgumentHelp("The file to make; it is never overwritten.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let path = absolutePath(file, context: session.context)
        let identity = try KeyFile.create(path, now: session.context.now())
        try output.renderer(session).render(
            KeyReport(file: path, recipient: identity.recipient.text, fingerprint: identity.recipient.fingerprint))
    }
}

/// A new key, without its secret half.
struct KeyReport: Report {
    var file: String
    var recipient: String
    var fingerprint: String

    func text(_ style: TextStyle) -> String {
        """
        \(style.good("made")) \(file), which only its owner may read
        recipient    \(recipient)
        fingerprint  \(fingerprint)

        To encrypt backups to it: BACKUP_AGE_RECIPIENTS=\(recipient)
        To open them here, for verification and restore: BACKUP_AGE_IDENTITY_FILE=\(file)
        Keep a copy of the file in another place: without it these backups are lost. `age -d -i \(Shell.quoted(file))` opens them, too.
        """
    }
}
