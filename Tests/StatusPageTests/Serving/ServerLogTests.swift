import Logging
import Synchronization
import Testing

@testable import StatusPage

@Suite("What the HTTP server says of itself")
struct ServerLogTests {
    @Test("That its task was called off is not said; what went wrong is")
    func cancellation() {
        let lines = Lines()
        let quiet = Logger(label: "server") { _ in ServerLog(Logger(label: "service") { _ in Recorder(lines: lines) }) }
        quiet.error("Waiting on child channel: \(CancellationError())")
        quiet.info("Server started")
        quiet.error("accept: too many open files")
        #expect(lines.all == ["accept: too many open files"])
    }
}

private final class Lines: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) { texts.withLock { $0.append(text) } }
}

private struct Recorder: LogHandler {
    let lines: Lines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(lines: Lines) { self.lines = lines }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.add("\(event.message)") }
}
