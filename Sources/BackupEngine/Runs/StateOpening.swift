package import BackupModel

/// Opens what keeps files in the state folder, which may hang as stores do: on a thread of its own, as all else goes on by the few of the pool, and for a
/// minute at most.
package struct StateOpening: Sendable {
    private let context: RunContext
    private let threads = LookingThreads()

    /// How long stores and the state folder are waited for: what takes longer hangs, perhaps for good.
    package static let patience = Duration.seconds(60)

    package init(context: RunContext) {
        self.context = context
    }

    /// - Throws: what `Assembly` throws; `.stalled` when the folder does not answer.
    package func assembly(_ configuration: BackupConfiguration, examiner: Examiner? = nil) async throws -> Assembly {
        try await open(configuration.stateFolder) { [context] in try Assembly(configuration, context: context, examiner: examiner) }
    }

    /// - Throws: what `body` throws; `.stalled` when the folder does not answer.
    package func open<Value: Sendable>(_ folder: String, _ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let thread = threads.of(folder)
        let opened = try await bounded(by: Self.patience, clock: context.clock) {
            try await thread.run {
                // Nobody waits any more where another's opening took too long.
                try Task.checkCancellation()
                return try body()
            }
        }
        guard let opened else { throw Self.silence(of: folder) }
        return opened
    }

    static func silence(of folder: String) -> BackupError {
        BackupError(
            .stalled, "the state folder \(folder) does not answer within \(patience.briefly)",
            hint: "Its disk, or the server it is on, hangs: see `call-center-admin doctor`, or name another folder in BACKUP_STATE_DIR.")
    }
}
