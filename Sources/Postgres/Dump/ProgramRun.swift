import BackupModel
import Subprocess

/// One run of a PostgreSQL client program: its standard output as chunks, its complaints in the error.
struct ProgramRun: Sendable {
    let programs: ClientPrograms
    let program: String
    /// Bytes, as they may hold names in the database's encoding.
    let arguments: [[UInt8]]
    /// What it finds on its standard input.
    let input: [UInt8]
    let target: ConnectionTarget
    /// False: all it reads is on its standard input, and it is told of no server.
    let connects: Bool
    /// After that long without a byte of output the program counts as stalled.
    let stallLimit: Duration

    init(
        _ program: String, of programs: ClientPrograms, arguments: [[UInt8]], input: [UInt8] = [], target: ConnectionTarget,
        connects: Bool = true, stallLimit: Duration
    ) {
        self.programs = programs
        self.program = program
        self.arguments = arguments
        self.input = input
        self.target = target
        self.connects = connects
        self.stallLimit = stallLimit
    }

    /// Standard error beyond this would be a program gone mad; it ends the run.
    private static let complaintLimit = 4 << 20

    /// Hands over standard output as it comes; the program waits while `take` does. A cancelled task ends the program.
    /// - Throws: `BackupError` with the program's own words when it ends badly, `.stalled` when it has been silent for too long.
    func forEachChunk(_ take: ([UInt8]) async throws -> Void) async throws {
        let watch = SilenceWatch(limit: stallLimit)
        let result = try await run(
            programs.executable(program), arguments: argumentList, environment: environment,
            input: .array(input), output: .sequence, error: .string(limit: Self.complaintLimit)
        ) { execution in
            // A program that is gone already needs no ending.
            async let _ = watch.watch { try? execution.send(signal: .terminate) }
            for try await chunk in execution.standardOutput {
                try await watch.taking { try await take(chunk.withUnsafeBytes { Array($0) }) }
            }
        }
        if watch.isBroken { throw stalled }
        guard result.terminationStatus.isSuccess else { throw failure(result.standardError) }
    }

    /// The library passes bytes on as they are, so each argument has to bring C's closing zero.
    private var argumentList: Arguments { Arguments((connection + arguments).map { $0 + [0] }) }

    private var connection: [[UInt8]] {
        connects ? ["--no-password", "--dbname=\(target.connectionString)"].map { Array($0.utf8) } : []
    }

    /// Whatever the server's, the database's, the role's or our own time zone is: the same definitions are to give the same text.
    private var environment: Environment { target.programEnvironment.updating(["PGTZ": "UTC"]) }

    private var stalled: BackupError {
        BackupError(
            .stalled, "no byte from \(program) for \(stallLimit.components.seconds) s on \(target)",
            hint: "Look at pg_stat_activity for what the server waits on; BACKUP_STALL_TIMEOUT sets the limit.")
    }

    private func failure(_ complaints: String) -> BackupError {
        BackupError(
            .failed, "\(program) failed on \(target): \(Self.words(complaints, of: program))",
            hint: connects
                ? "Run it by hand to see more: \(programs.path(of: program)) --dbname=\"\(target.connectionString)\""
                : "Look whether \(programs.path(of: program)) is of the same release as the pg_dump beside it.")
    }

    /// The first error names the cause: warnings may come before it, and behind it a statement of many lines.
    static func words(_ complaints: String, of program: String) -> String {
        let lines = complaints.split(separator: "\n").map(String.init)
        let first = lines.firstIndex { $0.hasPrefix("\(program): error:") || $0.hasPrefix("\(program): fatal:") } ?? 0
        let told = lines[first...].prefix(5)
        let rest = lines.count - first - told.count
        return told.isEmpty ? "without a word" : told.joined(separator: "; ") + (rest > 0 ? " (and \(rest) more lines)" : "")
    }
}
