import BackupCatalog
package import BackupModel
package import ObjectStores

/// Puts every configured store on trial, one after the other so that they do not share the line.
package struct StorageCheck: Sendable {
    /// What a store came to.
    package struct Finding: Sendable {
        package var store: String
        package var trials: [Trial]

        package var failure: BackupError? { trials.lazy.compactMap(\.failure).first }

        /// Whether everything was tried, and nothing failed.
        package var passed: Bool {
            trials.allSatisfy {
                switch $0.verdict {
                case .good, .lacking: true
                case .failed, .untried: false
                }
            }
        }

        package init(store: String, trials: [Trial]) {
            self.store = store
            self.trials = trials
        }
    }

    private var stores: [any ProvableStore]
    /// For one trial.
    private let limit: Duration
    private let context: RunContext
    /// A folder that has to be what it was before anything is tried there.
    private var presence: FolderPresence?

    package init(_ stores: [any ProvableStore], limit: Duration, context: RunContext) {
        self.stores = stores
        self.limit = limit
        self.context = context
    }

    /// - Throws: `.invalidConfiguration` when a store cannot even be spoken to as configured.
    package init(_ configuration: BackupConfiguration, context: RunContext) throws {
        // A trial is more than one question.
        let limit = min(.seconds(60), max(.seconds(15), configuration.storeLagLimit))
        self.init(try ConfiguredStores(configuration, context: context).all, limit: limit, context: context)
        presence = stores.lazy.compactMap { $0 as? LocalStore }.first.map {
            FolderPresence(catalog: Catalog(store: $0), known: KnownStores(folder: configuration.stateFolder))
        }
    }

    /// The same of one store alone. A shell completes the name of a folder with a slash.
    /// - Throws: `.invalidUsage` for a store that is not configured.
    package func only(_ name: String) throws -> StorageCheck {
        var check = self
        check.stores = stores.filter { $0.name == name || $0.name + "/" == name }
        guard check.stores.isEmpty else { return check }
        throw BackupError(
            .invalidUsage, "\(name) is not one of the stores", hint: "They are: \(stores.map(\.name).joined(separator: ", ")).")
    }

    /// Called off it says what it knows, and of everything else that it was not tried.
    /// - Parameter tell: is told of each verdict as soon as it is there.
    package func run(_ tell: @escaping @Sendable (_ store: String, Trial) -> Void = { _, _ in }) async -> [Finding] {
        var findings: [Finding] = []
        for store in stores {
            let name = store.name
            let bench = TrialBench(limit: limit) { tell(name, $0) }
            await put(store, on: bench)
            findings.append(Finding(store: name, trials: bench.trials))
        }
        return findings
    }

    private func put(_ store: any ProvableStore, on bench: TrialBench) async {
        do {
            if store is LocalStore, let failure = await absence() {
                bench.add(Trial("folder", failure.message, .failed(failure)))
                return
            }
            await StoreTrials(try store.forTrials, context: context).run(on: bench)
        } catch {
            let failure = error as? BackupError ?? BackupError(.storeFailed, "\(error)")
            bench.add(Trial("settings", "\(failure)", .failed(failure)))
        }
    }

    /// Why nothing is to be written to the folder. What else is wrong with it, and that it does not answer, the trials find out.
    private func absence() async -> BackupError? {
        guard let presence, !Task.isCancelled else { return nil }
        do {
            _ = try await bounded(by: limit) { try await presence.require() }
            return nil
        } catch {
            let failure = error as? BackupError
            return failure?.obstacle == .folderMissing ? failure : nil
        }
    }
}

extension [StorageCheck.Finding] {
    /// One error for all stores that failed, whatever each of them failed at; nil when none did.
    package var failure: BackupError? {
        compactMap { finding in
            finding.failure.map { BackupError(.storeFailed, "\(finding.store) did not pass: \($0)", hint: $0.hint, cause: $0) }
        }.asOne()
    }
}
