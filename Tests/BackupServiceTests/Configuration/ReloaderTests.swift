import BackupEngine
import BackupModel
import BackupTestKit
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import BackupService

@Suite("Settings that are read again", .timeLimit(.minutes(5)))
struct ReloaderTests {
    @Test("New ones take the place of the old; broken ones are said, and the old ones stay")
    func reload() async throws {
        try await withConfiguration { configuration, folder in
            let (live, written) = (LiveConfiguration(configuration), WrittenLog())
            let file = folder + "/settings.env"
            let context = RunContext(
                now: { Instant(secondsSinceEpoch: 0) }, environment: ["BACKUP_ENV_FILE": file, "BACKUP_DIR": folder], currentFolder: folder)
            let reloads = Mutex(0)
            let reloader = Reloader(
                live: live, log: written.log(configuration), manager: ServiceManager(environment: [:]), context: context,
                onReload: { reloads.withLock { $0 += 1 } })
            try await Command("tee", [file]).output(input: "BACKUP_SCHEDULE=30 4 * * *\n")
            #expect(!live.hasChanged)
            await reloader.reload()
            #expect(live.hasChanged)
            #expect(live.current.schedule.backup?.expression.description == "30 4 * * *")
            try await Command("tee", [file]).output(input: "BACKUP_SCHEDULE=30 25 * * *\nBACKUP_JOBS=0\n")
            await reloader.reload()
            #expect(live.current.schedule.backup?.expression.description == "30 4 * * *")
            #expect(reloads.withLock { $0 } == 1)
            #expect(written.lines.count == 3)
            #expect(written.lines[0].hasSuffix("NOTICE: the configuration was read again"))
            #expect(
                written.lines[1...].allSatisfy { $0.contains("ERROR: the configuration was not read again, the old one stays: BACKUP_") })
        }
    }

    @Test("A service that is made of them is made anew, and with the old ones when the new do not do")
    func renewed() async throws {
        try await withConfiguration(["BACKUP_JOBS": "1"]) { first, _ in
            let live = LiveConfiguration(first)
            let (made, continuation) = AsyncStream.makeStream(of: Int.self)
            let renewed = Renewed(description: "the sample", live: live, logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }) {
                continuation.yield($0.jobs)
                if $0.jobs == 2 { throw BackupError(.invalidConfiguration, "two is too many") }
                return Waiting()
            }
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: renewed)], logger: Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }))
            async let running: Void = group.run()
            var seen: [Int] = []
            for await jobs in made {
                seen.append(jobs)
                var next = first
                next.jobs = seen.count + 1
                if seen == [1] || seen == [1, 2, 1] { live.replace(with: next) }
                if seen.count == 4 { break }
            }
            #expect(seen == [1, 2, 1, 4])
            await group.triggerGracefulShutdown()
            try await running
        }
    }

    @Test("Told to stop while a service is being made, which may take its time, nobody waits for it")
    func stoppedWhileMaking() async throws {
        try await withConfiguration { configuration, _ in
            let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let (gate, opener) = AsyncStream.makeStream(of: Never.self)
            let renewed = Renewed(description: "the sample", live: LiveConfiguration(configuration), logger: quiet) { _ in
                begin.finish()
                for await _ in gate {}
                try Task.checkCancellation()
                return Waiting()
            }
            let group = ServiceGroup(configuration: .init(services: [.init(service: renewed)], logger: quiet))
            async let running: Void = group.run()
            for await _ in begun {}
            await group.triggerGracefulShutdown()
            try await running
            opener.finish()
        }
    }
}

private struct Waiting: Service {
    func run() async throws { try await gracefulShutdown() }
}
