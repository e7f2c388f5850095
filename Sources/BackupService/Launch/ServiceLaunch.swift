import AdminCommands
import ArgumentParser
import BackupEngine
import BackupModel
import Glibc
import OutboundHTTP

extension ServiceCommand {
    /// The whole life of the program.
    package static func launch() async -> Never {
        FatalWrites.becomeErrors()
        LargeBuffers.keep()
        SpareMemory.shareArenas()
        let context = RunContext.live()
        let console = Console(environment: context.environment)
        Glibc.exit(await run(Array(CommandLine.arguments.dropFirst()), context, console).rawValue)
    }

    static func run(_ arguments: [String], _ context: RunContext, _ console: Console) async -> ExitStatus {
        let command: ServiceCommand
        do { command = try parse(arguments) } catch {
            let text = fullMessage(for: error)
            guard exitCode(for: error) == .success else { return UsageFailure(text).report(on: console) }
            console.write(text + "\n")
            return .done
        }
        do {
            if command.printManual { return try printManual(console) }
            let configuration = try await BackupConfiguration.load(context: context)
            if command.check { return try await check(configuration, context, console) }
            if command.health { return try await answerForHealth(configuration, console) }
            try await Daemon(configuration, context: context).run()
            return .done
        } catch {
            return report(error, on: console)
        }
    }

    /// Settings that can be read are no start: whoever stops a service that works for them has to know that the next one begins.
    private static func check(_ configuration: BackupConfiguration, _ context: RunContext, _ console: Console) async throws -> ExitStatus {
        for warning in configuration.warnings { console.note("warning: \(warning)") }
        if let failure = await StartCheck(configuration).failures().asOne() { throw failure }
        let next = configuration.schedule.backup.map { slots in
            "backups by “\(slots.expression)”, the next at \(slots.zone.display(slots.next(after: context.now())))"
        }
        console.write("the settings can be used; \(next ?? "no backup is scheduled")\n")
        return .done
    }

    private static func answerForHealth(_ configuration: BackupConfiguration, _ console: Console) async throws -> ExitStatus {
        guard let settings = configuration.http else {
            throw BackupError(
                .invalidConfiguration, "the service serves nothing over HTTP (BACKUP_HTTP is none), so it cannot be asked",
                hint: "Set BACKUP_HTTP to an address and a port, such as 127.0.0.1:8085.")
        }
        try await requireLife(ServiceQuestion(settings))
        console.write("the service is alive\n")
        return .done
    }

    private static func requireLife(_ question: ServiceQuestion) async throws {
        switch await question.ask(within: .seconds(5)) {
        case .alive: return
        case .status(let status): throw BackupError(.failed, "the service answers at \(question.url) with \(status)")
        case .stranger(let words):
            throw BackupError(
                .failed, "somebody else answers at \(question.url): \(words)", hint: "Give BACKUP_HTTP an address that nobody else has.")
        case .nobody(let reason), .silence(let reason):
            throw BackupError(
                .failed, "the service does not answer at \(question.url): \(reason)",
                hint: "See its log: docker compose logs backup-service, or journalctl -u call-center-backup.")
        }
    }

    /// For scripts/generate-reference.
    private static func printManual(_ console: Console) throws -> ExitStatus {
        console.write(try ProgramManual.page(_dumpHelp()))
        return .done
    }

    private static func report(_ error: any Error, on console: Console) -> ExitStatus {
        let failure = error as? BackupError ?? BackupError(.failed, "\(error)")
        for line in ["\(failure)"] + failure.others { console.note("ERROR: \(line)") }
        if let hint = failure.hint { console.note("hint: \(hint)") }
        return failure.code.exitStatus
    }
}
