package import BackupModel

/// The copies of one file, of which the first that serves is taken. What is wrong with those before it is told once there is one to take instead, and
/// what is damaged is remembered. For one task.
package final class CopiesInTurn {
    /// Whether there is more than one.
    package let areSeveral: Bool
    private var waiting: [LocatedBackup]
    private var current: LocatedBackup?
    private var refusals: [BackupError] = []
    /// How many of the refusals have been told.
    private var told = 0
    private let remember: (LocatedBackup, BackupError) async -> Void

    /// - Parameter remember: what becomes of a copy that was found damaged.
    package init(of backup: LocatedBackup, remember: @escaping (LocatedBackup, BackupError) async -> Void = { _, _ in }) {
        areSeveral = !backup.otherCopies.isEmpty
        waiting = [backup] + backup.otherCopies
        self.remember = remember
    }

    /// The next copy that stands `test`; nothing may have been changed by that.
    /// - Throws: what is wrong with the first copy when none is left, with the others' beside it.
    package func next(telling warn: (String) -> Void, _ test: (LocatedBackup) async throws -> Void) async throws -> LocatedBackup {
        while !waiting.isEmpty {
            let copy = waiting.removeFirst()
            current = copy
            do {
                try await test(copy)
                for refusal in refusals[told...] { warn("\(refusal); the copy \(copy.path) is taken instead") }
                told = refusals.count
                return copy
            } catch let error as BackupError {
                try Task.checkCancellation()
                await refuse(error)
            }
        }
        throw failure
    }

    /// The copy that was given last is of no use after all.
    package func refuse(_ error: BackupError) async {
        refusals.append(error)
        if error.isOfEveryCopy { waiting = [] }
        if error.code == .verificationFailed, let current { await remember(current, error) }
    }

    /// A hint that names another copy is of no use where that one was tried, too.
    private var failure: BackupError {
        guard var error = refusals.asOne() else { return BackupError(.failed, "no copy was tried") }
        guard refusals.count > 1 else { return error }
        if let last = refusals.last, last.isOfEveryCopy { error.hint = last.hint } else { error.hint = noneIsLeft }
        return error
    }

    private var noneIsLeft: String {
        let name = current.map { Shell.quoted($0.path) } ?? "FILE"
        return "None of the \(refusals.count) copies can be used now: `call-center-admin db list` shows which other backups there are. "
            + "`call-center-admin db verify-backup \(name)` names every damaged place of the last one; whole tables can be restored with --table."
    }
}
