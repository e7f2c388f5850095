import NIOPosix

/// An executor that owns one thread, so that an actor on it may block in C without holding up the cooperative pool.
final class OwnThread: SerialExecutor {
    private let pool = NIOThreadPool(numberOfThreads: 1)

    init() { pool.start() }

    deinit { pool.shutdownGracefully { _ in } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pool.submit { [unowned self] _ in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
