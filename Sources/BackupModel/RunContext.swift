import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

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
    /// The name of this machine or container.
    package var host: String
    /// The id of the recorded run that all this is done for; nil outside one.
    package var run: String?
    /// Says something to whoever waits for what is done; nobody hears it unless somebody has asked to.
    package var notice: @Sendable (String) -> Void = { _ in }

    package init(
        now: @escaping @Sendable () -> Instant,
        clock: any Clock<Duration> = AlarmClock(),
        environment: [String: String] = [:],
        home: String = "/",
        currentFolder: String = "/",
        processors: Int = 1,
        host: String = "localhost",
        run: String? = nil
    ) {
        self.now = now
        self.clock = clock
        self.environment = environment
        self.home = home
        self.currentFolder = currentFolder
        self.processors = processors
        self.host = host
        self.run = run
    }

    /// The real clock, environment and folders of this process.
    package static func live() -> RunContext {
        let environment = ProcessInfo.processInfo.environment
        return RunContext(
            now: { Instant.current() },
            environment: environment,
            home: environment["HOME"] ?? "/",
            currentFolder: FileManager.default.currentDirectoryPath,
            processors: ProcessInfo.processInfo.activeProcessorCount,
            host: hostName()
        )
    }
}

private func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
