package import BackupModel

/// One thing a store was asked to do, and what it really did.
package struct Trial: Sendable {
    package enum Verdict: Sendable {
        case good
        /// The store can be used without it, and what that means is said.
        case lacking(hint: String)
        case failed(BackupError)
        /// Nobody knows: the store had stopped to answer, or the check was called off.
        case untried
    }

    /// For people and programs: "write", "refuse overwrite".
    package var name: String
    /// Lowercase, without a full stop.
    package var message: String
    package var verdict: Verdict

    package init(_ name: String, _ message: String, _ verdict: Verdict = .good) {
        self.name = name
        self.message = message
        self.verdict = verdict
    }

    package var failure: BackupError? {
        if case .failed(let error) = verdict { error } else { nil }
    }
}

extension Trial {
    static func failed(_ name: String, _ error: any Error) -> Trial {
        let failure = error as? BackupError ?? BackupError(.failed, "\(error)")
        return Trial(name, "\(failure)", .failed(failure))
    }

    /// A check that is being made is no hint.
    var hintedOnwards: Trial {
        let elsewhere = "See the server's log, and its documentation for what it does not do."
        var trial = self
        switch verdict {
        case .lacking(let hint):
            if hint.contains(StoreCheck.look) { trial.verdict = .lacking(hint: hint.replacing(StoreCheck.look, with: elsewhere)) }
        case .failed(var error):
            error.hint = error.hint?.replacing(StoreCheck.look, with: elsewhere)
            trial.verdict = .failed(error)
        case .good, .untried: break
        }
        return trial
    }

    /// The store says one thing and does another: that is worse than not being able to.
    static func lies(_ name: String, _ message: String) -> Trial {
        let hint = "Do not keep backups there as long as that is so; look at the server's or the file system's log."
        return Trial(name, message, .failed(BackupError(.storeFailed, message, hint: hint)))
    }
}

/// A store that can be put on trial.
package protocol ProvableStore: BackupStore {
    /// What only this kind of store has to show, beside what all of them have to.
    /// - Parameter name: for the files of the trial; endings may be added to it.
    func ownTrials(_ name: String, on bench: TrialBench, context: RunContext) async

    /// The store a trial is made on: without the locks a configuration puts on every object, so that what is stored for it can be removed.
    var forTrials: any ProvableStore { get throws }

    /// Removes what a trial stored under the key, old versions of it too.
    /// - Returns: what of it stays and why, to be said; nil when nothing does.
    func removeTrial(_ key: String) async throws -> String?
}

extension ProvableStore {
    package var forTrials: any ProvableStore { self }

    package func removeTrial(_ key: String) async throws -> String? {
        try await delete(key)
        return nil
    }
}
