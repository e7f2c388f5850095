import Dispatch

/// An executor with a thread of its own while it has something to do: an actor on it may wait for a disk, for ever where that hangs, without holding up
/// the few threads of the cooperative pool.
package final class DiskThread: SerialExecutor {
    private let queue = DispatchQueue(label: "call-center-backup.disk")

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
