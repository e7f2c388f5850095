import Testing

/// Whoever reads a runbook and types what it says.
final class RunbookReader {
    private let runbook: RunbookDocument
    private let machine: RunbookMachine
    /// Typed in every new shell before anything else.
    var preface: [String] = []
    /// The commands nobody has typed yet.
    private(set) var untyped: [String]

    init(runbook: RunbookDocument, machine: RunbookMachine) {
        (self.runbook, self.machine) = (runbook, machine)
        untyped = runbook.commands
    }

    /// Reads a runbook on a machine of its own; in the end nothing of it is left untyped.
    static func readWhole(
        _ runbook: RunbookDocument, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (RunbookReader, RunbookMachine) async throws -> Void
    ) async throws {
        try await withRunbookMachine { machine in
            let reader = RunbookReader(runbook: runbook, machine: machine)
            try await body(reader, machine)
            #expect(reader.untyped == [], sourceLocation: sourceLocation)
        }
    }

    /// Types the commands of a section. All have to succeed but those that begin as said: some have to fail, some may find nothing.
    func reads(
        _ beginning: String, fails: [String] = [], mayFindNothing: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [RunbookMachine.Typed] {
        let commands = try runbook.section(beginning).commands
        let all = try await machine.types(commands, after: preface)
        for typed in all {
            if fails.contains(where: typed.command.hasPrefix) {
                #expect(typed.status != 0, "\(typed)", sourceLocation: sourceLocation)
            } else if typed.status != 1 || !mayFindNothing.contains(where: typed.command.hasPrefix) {
                #expect(typed.status == 0, "\(typed)", sourceLocation: sourceLocation)
            }
        }
        untyped.removeAll { commands.contains($0) }
        return all
    }
}
