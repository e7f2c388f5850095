import BackupModel
import Glibc
import Subprocess
import SystemPackage

/// One run of a client program that is fed through its standard input.
struct ProgramFeed: Sendable {
    let programs: ClientPrograms
    let program: String
    let arguments: [String]
    let target: ConnectionTarget
    let surroundings: ProgramSurroundings

    init(
        _ program: String, of programs: ClientPrograms, arguments: [String], target: ConnectionTarget, surroundings: ProgramSurroundings
    ) {
        self.programs = programs
        self.program = program
        self.arguments = arguments
        self.target = target
        self.surroundings = surroundings
    }

    private static let complaintLimit = 4 << 20

    /// Runs the program to its end; `feed` gets a function that writes to it and waits while it is busy.
    /// - Throws: `BackupError` with the program's own words when it ends badly, else what `feed` throws.
    func run(_ feed: ((_ bytes: [UInt8]) async throws -> Void) async throws -> Void) async throws {
        let command = surroundings.commandLine(
            [programs.path(of: program), "--no-password", "--dbname=\(target.connectionString)"] + arguments)
        let result = try await Subprocess.run(
            .path(FilePath(command[0])), arguments: Arguments(Array(command.dropFirst())),
            environment: surroundings.environment(for: target), input: .inputWriter, output: .discarded,
            error: .string(limit: Self.complaintLimit)
        ) { execution -> (any Error)? in
            let failure: (any Error)?
            do {
                try await feed { bytes in
                    if !bytes.isEmpty { _ = try await execution.standardInputWriter.write(bytes) }
                }
                failure = nil
            } catch {
                failure = error
                // Cut off in the middle, the program must not take the end for the end of a good script.
                if error is BackupError || error is CancellationError { Self.end(execution.processIdentifier) }
            }
            try await execution.standardInputWriter.finish()
            return failure
        }
        // Its own refusal explains a broken pipe; ours explains its being ended.
        if let own = result.closureResult, own is BackupError || own is CancellationError { throw own }
        guard result.terminationStatus.isSuccess else { throw failure(result.standardError) }
        if let other = result.closureResult { throw other }
    }

    /// A program that is gone already needs no ending.
    private static func end(_ process: ProcessIdentifier) { kill(process.value, SIGTERM) }

    private func failure(_ text: String) -> BackupError {
        let complaint = ProgramComplaint(text, of: program)
        guard !complaint.isOfMetaCommand else { return .metaCommands(cause: complaint) }
        return BackupError(
            .failed, "\(program) stopped: \(complaint)",
            hint: program == "psql" ? "The line numbers are those of the uncompressed script, without lines for psql itself." : nil,
            cause: complaint)
    }
}
