import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel
import BackupVerification

/// `db reverify`: what was proved long ago, proved again.
struct DatabaseReverify: AdminCommand {
    static let failureWords = "ERROR: Backup verification could not be done"

    static let configuration = CommandConfiguration(
        commandName: "reverify",
        abstract: "Prove the backups again whose last proof is too old.",
        discussion: HelpText.discussion(
            "Takes on the backups that were never proved, then those whose proof is older than BACKUP_REVERIFY_INTERVAL, the oldest first, "
                + "BACKUP_REVERIFY_COUNT of them: run every night, it goes through all that are kept. The copies of several "
                + "stores are proved one by one, as each may rot by itself.",
            examples: [
                ("call-center-admin db reverify --dry-run", "what is due, and since when"),
                ("call-center-admin db reverify --count 3", "the three most urgent"),
            ]
        )
    )

    @Option(help: ArgumentHelp("How many backups to take on.", valueName: "n"))
    var count: String?

    @Option(help: "auto, quick, content or restore.", completion: .list(["auto", "quick", "content", "restore"]))
    var level: String?

    @Flag(help: "Only tell what is due.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let assembly = try Assembly(
            try await session.configuration(flags: flags), context: session.context, examiner: Examiner(context: session.context))
        let due = try await assembly.dueForReverification()
        guard !dryRun, !due.copies.isEmpty else {
            try output.renderer(session).render(DueReport(due, now: session.context.now()))
            if let failure = due.failure { throw failure }
            return
        }
        let result = try await ProgressView.showing(session) { try await assembly.reverify(due, progress: $0) }
        try output.renderer(session).render(VerdictReport(files: result.verdicts))
        for copy in due.damaged { session.warn("\(copy.description). It is not proved again. \(copy.remedy)") }
        if let failure = result.failure { throw failure }
    }

    private var flags: [String: FlagValue] {
        var flags: [String: FlagValue] = [:]
        if let count { flags["BACKUP_REVERIFY_COUNT"] = FlagValue("--count", count) }
        if let level { flags["BACKUP_REVERIFY_LEVEL"] = FlagValue("--level", level) }
        return flags
    }
}

/// What is to be proved again, the most urgent first.
struct DueReport: Report {
    private struct Line: Encodable {
        var id: RecoveryPointID
        var store: String
        var provedAt: Instant?
        /// Of the same backup: another store's, which was proved.
        var otherCopy: OtherCopy?
    }

    private struct OtherCopy: Encodable {
        var store: String
        var provedAt: Instant
    }

    private let due: [Line]
    /// Copies nobody proves any more, as they are damaged.
    private let damaged: [DamageLine]
    /// Whether every store could be looked at.
    private let isComplete: Bool
    private let now: Instant

    init(_ due: DueBackups, now: Instant) {
        isComplete = due.unreachable.isEmpty
        damaged = due.damaged.map(DamageLine.init)
        self.due = due.copies.map { copy in
            Line(
                id: copy.point.id, store: copy.point.store, provedAt: copy.provedAt,
                otherCopy: copy.elsewhere.map { OtherCopy(store: $0.store, provedAt: $0.at) })
        }
        self.now = now
    }

    private enum CodingKeys: CodingKey { case due, damaged, isComplete }

    func text(_ style: TextStyle) -> String {
        let lines = damaged.map {
            style.alarm("Damaged, and not proved again: \($0.id) in \($0.store) (\($0.files.joined(separator: ", "))).") + " \($0.remedy)"
        }
        return ([dueText(style)] + lines).joined(separator: "\n")
    }

    private func dueText(_ style: TextStyle) -> String {
        guard !due.isEmpty else {
            return isComplete
                ? "Nothing is due: every whole backup was proved lately." : "Nothing is due in the stores that could be listed."
        }
        return TextTable(["ID", "COPY IN", "LAST PROVED"], rows: due.map { [$0.id.description, $0.store, proved($0)] }).text(style)
    }

    /// Of this copy; then of another one, for which the list of backups may call the backup proved.
    private func proved(_ line: Line) -> String {
        let here = line.provedAt?.display(asOf: now) ?? "never"
        return here + (line.otherCopy.map { "; the copy in \($0.store): \($0.provedAt.display(asOf: now))" } ?? "")
    }
}
