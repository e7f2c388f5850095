import BackupEngine
import BackupModel
import Logging
import Testing

@testable import BackupService

@Suite("Lines of the log")
struct LogLineTests {
    private func line(_ level: Logger.Level, _ message: String, _ metadata: [String: String] = ["run": "r1"]) -> LogLine {
        LogLine(at: Instant(secondsSinceEpoch: 1_771_034_400), level: level, message: message, metadata: metadata)
    }

    @Test("As text: time, level, message, and the run it is of")
    func text() {
        #expect(
            line(.error, "Backup failed: no route").text(forJournal: false)
                == "2026-02-14T02:00:00.000Z ERROR: Backup failed: no route run=r1")
        #expect(line(.error, "ERROR: Backup failed", [:]).text(forJournal: false) == "2026-02-14T02:00:00.000Z ERROR: Backup failed")
    }

    @Test(
        "For the journal: its priority in place of the time",
        arguments: [(Logger.Level.critical, 2), (.error, 3), (.warning, 4), (.notice, 5), (.info, 6), (.debug, 7), (.trace, 7)])
    func journal(level: Logger.Level, priority: Int) {
        #expect(line(level, "it is so", [:]).text(forJournal: true) == "<\(priority)>\(level.rawValue.uppercased()): it is so")
    }

    @Test("As JSON: one object, and the words people search for in the message")
    func json() {
        #expect(
            line(.critical, "Backup verification failed: \"x\"").json(forJournal: false)
                == #"{"level":"critical","message":"CRITICAL: Backup verification failed: \"x\"","run":"r1","time":"2026-02-14T02:00:00.000Z"}"#
        )
        #expect(line(.info, "progress: a\nb", [:]).json(forJournal: true).hasPrefix(#"<6>{"level":"info","message":"progress: a\nb""#))
    }

    @Test("A name cannot begin another line or move the cursor")
    func control() {
        #expect(line(.info, "table a\nERROR: x\u{1B}[2J", ["k": "v\r"]).text(forJournal: true) == "<6>INFO: table a ERROR: x [2J k=v ")
    }
}

@Suite("The log")
struct ServiceLogTests {
    @Test("Levels below the one that is set are not written, and that can change")
    func levels() async throws {
        try await withConfiguration(["BACKUP_LOG_LEVEL": "warning"]) { quiet, _ in
            try await withConfiguration(["BACKUP_LOG_LEVEL": "debug", "BACKUP_LOG_FORMAT": "json"]) { loud, _ in
                let written = WrittenLog()
                let log = written.log(quiet)
                var logger = log.logger
                logger[metadataKey: "run"] = "r1"
                logger.info("a")
                logger.error("b")
                log.apply(loud.service)
                logger.debug("c")
                logger.logLevel = .error
                logger.warning("d")
                #expect(
                    written.lines == [
                        "1970-01-01T00:00:00.000Z ERROR: b run=r1",
                        #"{"level":"debug","message":"c","run":"r1","time":"1970-01-01T00:00:00.000Z"}"#,
                    ])
            }
        }
    }
}
