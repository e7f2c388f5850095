import Dispatch
import Synchronization

/// A thread for each thing that is looked at. What hangs in the kernel holds up its own and not the few of the cooperative pool, and whoever looks at
/// the same thing again waits behind it instead of hanging beside it.
package final class LookingThreads: Sendable {
    private let threads = Mutex<[String: LookingThread]>([:])

    package init() {}

    package func of(_ subject: String) -> LookingThread {
        threads.withLock { threads in
            let thread = threads[subject] ?? LookingThread()
            threads[subject] = thread
            return thread
        }
    }
}

/// Runs what prefers it on a serial queue, which has a thread only while there is something to run.
package final class LookingThread: TaskExecutor {
    private let queue = DispatchQueue(label: "call-center-backup.look")

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// In a task of its own, which begins here: a preference within a task does not move a body that goes on where its caller is.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let work = Task(executorPreference: self) { try await body() }
        return try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            work.cancel()
        }
    }
}
