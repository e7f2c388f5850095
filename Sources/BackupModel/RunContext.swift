import FoundationEssentials

/// What a run takes from the world around it, so that every decision can be tested without waiting or changing the environment.
package struct RunContext: Sendable {
    package var now: @Sendable () -> Instant
    /// For waits and timeouts; `now` is for what is written down.
    package var clock: any Clock<Duration>
    package var environment: [String: String]
    /// The user's home folder, without a trailing slash.
    package var home: String
    package var currentFolder: String
    package var processors: Int

    package init(
        now: @escaping @Sendable () -> Instant,
        clock: any Clock<Duration> = ContinuousClock(),
        environment: [String: String] = [:],
        home: String = "/",
        currentFolder: String = "/",
        processors: Int = 1
    ) {
        self.now = now
        self.clock = clock
        self.environment = environment
        self.home = home
        self.currentFolder = currentFolder
        self.processors = processors
    }

    /// The real clock, environment and folders of this process.
    package static func live() -> RunContext {
        let environment = ProcessInfo.processInfo.environment
        return RunContext(
            now: { Instant.current() },
            environment: environment,
            home: environment["HOME"] ?? "/",
            currentFolder: FileManager.default.currentDirectoryPath,
            processors: ProcessInfo.processInfo.activeProcessorCount
        )
    }
}
