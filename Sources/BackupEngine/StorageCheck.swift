package import BackupModel
package import ObjectStores

/// Puts every configured store on trial, one after the other so that they do not share the line.
package struct StorageCheck: Sendable {
    /// What a store came to.
    package struct Finding: Sendable {
        package var store: String
        package var trials: [Trial]

        package var failure: BackupError? { trials.lazy.compactMap(\.failure).first }

        package init(store: String, trials: [Trial]) {
            self.store = store
            self.trials = trials
        }
    }

    private let stores: [any ProvableStore]
    private let context: RunContext

    package init(_ stores: [any ProvableStore], context: RunContext) {
        self.stores = stores
        self.context = context
    }

    /// - Throws: `.invalidConfiguration` when a store cannot even be spoken to as configured.
    package init(_ configuration: BackupConfiguration, context: RunContext) throws {
        self.init(try ConfiguredStores(configuration, context: context).all, context: context)
    }

    package func run() async -> [Finding] {
        var findings: [Finding] = []
        for store in stores { findings.append(Finding(store: store.name, trials: await trials(of: store))) }
        return findings
    }
}

extension StorageCheck {
    private func trials(of store: any ProvableStore) async -> [Trial] {
        do { return await StoreTrials(try store.forTrials, context: context).run() } catch {
            let failure = error as? BackupError ?? BackupError(.storeFailed, "\(error)")
            return [Trial("settings", "\(failure)", .failed(failure))]
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
