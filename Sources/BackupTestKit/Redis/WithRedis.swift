import Subprocess
import SystemPackage

/// Runs `body` with a private server, gone on every way out: return, error, cancellation, death of the tests.
/// - Throws: `RedisMissing` where the version is not on this machine; what `body` throws.
package func withRedis<Value: Sendable>(
    _ blueprint: RedisBlueprint = RedisBlueprint(), _ body: (RedisServer) async throws -> Value
) async throws -> Value {
    try requireRedis(blueprint.version)
    let installation = try RedisInstallation.required(blueprint.version)
    return try await withRetriedPort { port in
        let folder = try TemporaryFolder(prefix: "ccb-\(blueprint.version.rawValue)").path
        if let dump = blueprint.dump { try write(dump, to: folder.appending("dump.rdb")) }
        if let source = blueprint.certificates { try await shareCertificates(from: source, to: folder) }
        try await blueprint.prepare?(folder)
        let supervisor = RedisSupervisor(
            folder: folder.string, program: installation.server.string,
            configuration: blueprint.configuration(port: port, folder: folder.string), tls: blueprint.tls != nil)
        let server = RedisServer(installation: installation, port: port, folder: folder, tls: blueprint.tls)
        return try await supervisor.run { try await body(server) }
    }
}

/// `withRedis` of a version with a few settings.
package func withRedis<Value: Sendable>(
    _ version: RedisInstallation.Version, settings: [String] = [], _ body: (RedisServer) async throws -> Value
) async throws -> Value {
    try await withRedis(RedisBlueprint(version, settings: settings), body)
}

/// Runs `body` with a replica of `primary` whose link is up.
package func withReplica<Value: Sendable>(
    of primary: RedisServer, settings: [String] = [], _ body: (RedisServer) async throws -> Value
) async throws -> Value {
    var blueprint = RedisBlueprint(primary.version, settings: ["replicaof 127.0.0.1 \(primary.port)"] + settings, tls: primary.tls)
    if primary.tls != nil { blueprint.certificates = primary.folder }
    return try await withRedis(blueprint) { replica in
        try await replica.wait(for: "master_link_status:up", in: "replication")
        return try await body(replica)
    }
}

/// Runs `body` with a port that another process may have taken meanwhile: then with another one.
func withRetriedPort<Value: Sendable>(_ body: (_ port: Int) async throws -> Value) async throws -> Value {
    for _ in 1..<3 {
        do { return try await body(try FreePort.any()) } catch let failure as RedisStartFailure where failure.log.contains("in use") {
            continue
        }
    }
    return try await body(try FreePort.any())
}

extension RedisServer {
    /// Waits until INFO says something; the test's own time limit is the bound.
    package func wait(for line: String, in section: String) async throws {
        while try await !cli("INFO", section).contains(line) { try await Command("sleep", ["0.02"]).output() }
    }
}

extension RedisSupervisor {
    func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        var configuration = command.configuration
        // Killing the supervisor outright would leave its server behind.
        configuration.platformOptions.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))]
        let ended = try await Subprocess.run(configuration, input: .inputWriter, output: .sequence, error: .discarded) { execution in
            let result = await outcome(printed: execution.standardOutput.strings(), body)
            try await execution.standardInputWriter.finish()
            return result
        }
        return try ended.closureResult.get()
    }

    private func outcome<Value: Sendable>(
        printed: SubprocessOutputSequence.StringSequence<UTF8>, _ body: () async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            var log = ""
            for try await line in printed {
                if line.hasPrefix(Self.readyLine) { return .success(try await body()) }
                log += line
            }
            throw RedisStartFailure(program: program, log: log)
        } catch {
            return .failure(error)
        }
    }
}

/// A private server that did not come up, with the end of its log.
package struct RedisStartFailure: Error, CustomStringConvertible {
    let program: String
    let log: String
    package var description: String { "\(program) did not start: \(log)" }
}

private func write(_ bytes: [UInt8], to file: FilePath) throws {
    let descriptor = try FileDescriptor.open(
        file, .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
}
