import ArgumentParser
import BackupCatalog
import BackupEngine
import BackupModel

/// `db sync`: gives every store the backups it lacks.
struct DatabaseSync: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Give every store the backups it lacks.",
        discussion: HelpText.discussion(
            "A backup is written to all stores at once; one that failed then, or was added later, gets its copies from a store that has them: at the end "
                + "of the next `db backup`, or by this command now. Every file is held against its SHA-256 on the way. What a store's retention would "
                + "remove again is not copied into it.",
            examples: [
                ("call-center-admin db sync --dry-run", "what is missing where"),
                ("call-center-admin db sync", "make the copies"),
            ]
        )
    )

    @Flag(help: "Only tell what is missing.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let assembly = try Assembly(try await session.configuration(), context: session.context)
        let (outcomes, unreachable) = try await ProgressView.showing(session) { progress in
            guard dryRun else { return try await assembly.sync(progress: progress) }
            let (gaps, unreachable) = try await assembly.syncRun(progress: progress).plan()
            return (gaps.map { SyncRun.Outcome(gap: $0) }, unreachable)
        }
        try output.renderer(session).render(SyncReport(outcomes, isDryRun: dryRun, isComplete: unreachable.isEmpty))
        if let failure = outcomes.failure ?? unreachable.failure { throw failure }
    }
}

/// Copies that were missing, and what came of them.
struct SyncReport: Report {
    private struct Line: Encodable {
        var id: RecoveryPointID
        var bytes: Int64
        var source: String
        var target: String
        var failure: String?
    }

    private let copies: [Line]
    private let dryRun: Bool
    /// Whether every store could be looked at.
    private let isComplete: Bool

    init(_ outcomes: [SyncRun.Outcome], isDryRun: Bool, isComplete: Bool) {
        self.isComplete = isComplete
        copies = outcomes.map { outcome in
            Line(
                id: outcome.gap.manifest.id, bytes: outcome.gap.manifest.bytes, source: outcome.gap.source, target: outcome.gap.target,
                failure: outcome.failure.map { "\($0)" })
        }
        dryRun = isDryRun
    }

    private enum CodingKeys: CodingKey { case copies, dryRun, isComplete }

    func text(_ style: TextStyle) -> String {
        guard !copies.isEmpty else {
            return isComplete
                ? "Every store has every backup it is to keep." : "The stores that could be listed have every backup they are to keep."
        }
        let rows = copies.map { copy in
            [copy.id.description, "\(ByteSize(copy.bytes))", copy.source, copy.target, outcome(of: copy, style)]
        }
        return TextTable("ID", "SIZE", "FROM", "TO", "", rows: rows).text(style)
    }

    private func outcome(of copy: Line, _ style: TextStyle) -> String {
        if let failure = copy.failure { return style.alarm("failed: \(failure)") }
        return dryRun ? "missing" : style.good("copied")
    }
}
