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
                + "is said with what it means; a store that fails gives exit status 5. What a lock keeps stays until the lock ends, and is named.",
            examples: [("call-center-admin storage check", "after a store was configured, and when a run could not store its backup")]
        )
    )

    @OptionGroup var output: OutputOptions

    func execute(_ session: Session) async throws {
        let findings = try await StorageCheck(try await session.configuration(), context: session.context).run()
        try output.renderer(session).render(StorageReport(findings))
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
        }

        var name: String
        var result: Result
        var message: String
        var hint: String?
    }

    var stores: [Store]

    init(_ findings: [StorageCheck.Finding]) {
        stores = findings.map { finding in
            Store(name: finding.store, passed: finding.failure == nil, trials: finding.trials.map(Trial.init))
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
            }
    }

    func text(_ style: TextStyle) -> String {
        let mark =
            switch result {
            case .good: style.good("ok     ")
            case .lacking: style.doubtful("lacking")
            case .failed: style.alarm("FAILED ")
            }
        return "  \(mark)  \(name): \(message)\(hint.map { "\n           hint: \($0)" } ?? "")"
    }
}
