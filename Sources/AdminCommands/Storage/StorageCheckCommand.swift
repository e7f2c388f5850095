import ArgumentParser
import BackupEngine
import BackupModel
import ObjectStores

/// `storage check`: what do the stores really do? Everything is done with files made for it.
struct StorageCheckCommand: AdminCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prove what every store really does.",
        discussion: HelpText.discussion(
            "Stores a small and a large file, reads them back whole and in part, lists them, tries to overwrite them, changes one, breaks off an "
                + "upload, compares the clocks, asks for versions, locks and encryption, measures, and removes everything again. What a store lacks "
                + "is said with what it means; a store that fails gives exit status 5. What a lock keeps stays until the lock ends, and is named. Each trial "
                + "is told as soon as it is made, and waited for as long as BACKUP_STORE_LAG_LIMIT says, a minute at most; after one without an answer "
                + "nothing more is tried with that store.",
            examples: [
                ("call-center-admin storage check", "after a store was configured, and when a run could not store its backup"),
                ("call-center-admin storage check s3://bucket/prefix", "one store only"),
            ]
        )
    )

    @Argument(help: "Only the store of that name, such as s3://bucket/prefix; without one all of them.")
    var store: String?

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let all = try StorageCheck(try await session.configuration(), context: session.context)
        let check = try store.map(all.only) ?? all
        let verdicts = output.json ? nil : StorageVerdicts(session.console)
        let findings = await check.run { verdicts?.show($1, of: $0) }
        if output.json { try output.renderer(session).render(StorageReport(findings)) }
        // What was found before a signal came is said; the status is the signal's.
        try Task.checkCancellation()
        if let failure = findings.failure { throw failure }
    }
}

/// The trials of every store as they are printed.
struct StorageReport: Report {
    struct Store: Encodable {
        var name: String
        var passed: Bool
        var trials: [Trial]
    }

    struct Trial: Encodable {
        enum Result: String, Encodable {
            case good, lacking, failed
            case untried = "not tried"
        }

        var name: String
        var result: Result
        var message: String
        var hint: String?
    }

    var stores: [Store]

    init(_ findings: [StorageCheck.Finding]) {
        stores = findings.map { finding in
            Store(name: finding.store, passed: finding.passed, trials: finding.trials.map(Trial.init))
        }
    }

    func text(_ style: TextStyle) -> String {
        stores.map { store in ([style.heading(store.name)] + store.trials.map { $0.text(style) }).joined(separator: "\n") }
            .joined(separator: "\n\n")
    }
}

extension StorageReport.Trial {
    init(_ trial: ObjectStores.Trial) {
        name = trial.name
        message = trial.message
        (result, hint) =
            switch trial.verdict {
            case .good: (.good, nil)
            case .lacking(let hint): (.lacking, hint)
            case .failed(let error): (.failed, error.hint)
            case .untried: (.untried, nil)
            }
    }

    func text(_ style: TextStyle) -> String {
        let mark =
            switch result {
            case .good: style.good("ok     ")
            case .lacking: style.doubtful("lacking")
            case .failed: style.alarm("FAILED ")
            case .untried: style.doubtful("unknown")
            }
        return "  \(mark)  \(name): \(message)\(hint.map { "\n           hint: \($0)" } ?? "")"
    }
}
