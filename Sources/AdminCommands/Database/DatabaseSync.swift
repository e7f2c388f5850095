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
                + "remove again is not copied into it. A damaged copy is none: it is told, with what to do about it, and the status is 8 until it is mended. "
                + "A manifest that is damaged, or wrong, is written anew where the files beside it prove another store's right.",
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
        let assembly = try Assembly(
            try await session.configuration(), context: session.context, examiner: Examiner(context: session.context))
        let result = try await ProgressView.showing(session) { progress in
            guard dryRun else { return try await assembly.sync(progress: progress) }
            let plan = try await assembly.syncRun(progress: progress).plan()
            return SyncResult(plan, plan.gaps.map { SyncRun.Outcome(gap: $0) })
        }
        try output.renderer(session).render(SyncReport(result, isDryRun: dryRun))
        if let failure = result.failure { throw failure }
    }
}

/// Copies that were missing, and what came of them.
struct SyncReport: Report {
    private struct Line: Encodable {
        var id: RecoveryPointID
        var bytes: Int64
        /// What of it was copied; the rest lay there already.
        var copiedBytes: Int64
        var source: String
        var target: String
        var failure: String?
    }

    private let copies: [Line]
    private let damaged: [DamageLine]
    /// Manifests that do not agree, as far as that is not settled; nil where all do.
    private let contradictions: [String]?
    private let dryRun: Bool
    /// Whether every store could be looked at.
    private let isComplete: Bool

    init(_ result: SyncResult, isDryRun: Bool) {
        isComplete = result.unreachable.isEmpty
        damaged = result.damaged.map(DamageLine.init)
        copies = result.outcomes.map { outcome in
            Line(
                id: outcome.gap.manifest.id, bytes: outcome.gap.manifest.bytes, copiedBytes: outcome.copiedBytes,
                source: outcome.gap.source, target: outcome.gap.target, failure: outcome.failure.map { "\($0)" })
        }
        contradictions = result.contradictions.isEmpty ? nil : result.contradictions.map(\.description)
        dryRun = isDryRun
    }

    private enum CodingKeys: CodingKey { case copies, damaged, contradictions, dryRun, isComplete }

    func text(_ style: TextStyle) -> String {
        [copiesText(style), damagedText(style), (contradictions ?? []).map { style.alarm($0) }.joined(separator: "\n")].filter {
            !$0.isEmpty
        }.joined(separator: "\n\n")
    }

    private func copiesText(_ style: TextStyle) -> String {
        guard !copies.isEmpty else {
            guard damaged.isEmpty, contradictions == nil else { return "" }
            return isComplete
                ? "Every store has every backup it is to keep." : "The stores that could be listed have every backup they are to keep."
        }
        let rows = copies.map { copy in
            [copy.id.description, "\(ByteSize(copy.bytes))", copy.source, copy.target, outcome(of: copy, style)]
        }
        return TextTable("ID", "SIZE", "FROM", "TO", "", rows: rows).text(style)
    }

    private func damagedText(_ style: TextStyle) -> String {
        guard !damaged.isEmpty else { return "" }
        let rows = damaged.map { [$0.id.description, $0.store, $0.files.joined(separator: ", "), style.alarm($0.state.rawValue)] }
        let table = TextTable("ID", "DAMAGED COPY IN", "FILES", "", rows: rows).text(style)
        // What to do about the first is the hint.
        return ([table] + damaged.dropFirst().map { "\($0.id) in \($0.store): \($0.remedy)" }).joined(separator: "\n")
    }

    private func outcome(of copy: Line, _ style: TextStyle) -> String {
        if let failure = copy.failure { return style.alarm("failed: \(failure)") }
        if dryRun { return "missing" }
        if copy.copiedBytes == copy.bytes { return style.good("copied") }
        return style.good(
            copy.copiedBytes == 0
                ? "its files were there; the manifest was written" : "\(ByteSize(copy.copiedBytes)) copied; the rest was there")
    }
}
