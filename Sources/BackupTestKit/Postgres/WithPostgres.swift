import Subprocess
import SystemPackage

/// Runs `body` with a private server, gone on every way out: return, error, cancellation, death of the tests.
/// - Throws: `PostgresMissing` where the version is not on this machine; what `body` throws.
package func withPostgres<Value: Sendable>(
    _ blueprint: PostgresBlueprint, _ body: (PostgresServer) async throws -> Value
) async throws -> Value {
    let installation = try PostgresInstallation.required(blueprint.major)
    return try await withServer(blueprint, installation) { folder, programs in
        let access = blueprint.password == nil ? ["-A", "trust"] : ["-A", "scram-sha-256", "--pwfile=\(folder)/password"]
        return ["\(programs)/initdb", "-D", "\(folder)/data", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
            + access + blueprint.initialization
    } body: {
        try await body($0)
    }
}

/// `withPostgres` of a version with a few settings.
package func withPostgres<Value: Sendable>(
    version: Int = 15, settings: [String: String] = [:], _ body: (PostgresServer) async throws -> Value
) async throws -> Value {
    try await withPostgres(PostgresBlueprint(major: version, settings: settings), body)
}

/// Runs `body` with a hot standby of `primary`, streaming from it.
package func withStandby<Value: Sendable>(
    of primary: PostgresServer, settings: [String: String] = [:], _ body: (PostgresServer) async throws -> Value
) async throws -> Value {
    // It connects by a library that it loads itself, and fetched servers do not look beside themselves for that one.
    let libraries = primary.installation.programs.removingLastComponent().appending("lib").string
    let blueprint = PostgresBlueprint(major: primary.major, settings: settings, environment: ["LD_LIBRARY_PATH": libraries])
    let tablespaces = try await primary.psql(
        "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE pg_tablespace_location(oid) LIKE '/%'")
    return try await withServer(blueprint, primary.installation) { folder, programs in
        let copies = tablespaces.split(separator: "\n").enumerated().map { "-T\($1)=\(folder)/tablespace_\($0)" }
        return ["\(programs)/pg_basebackup", "-D", "\(folder)/data", "-d", primary.url(), "-R", "-X", "stream", "-c", "fast", "--no-sync"]
            + copies
    } body: {
        try await body($0)
    }
}

/// Starts a server and runs `body`; a port that another process took meanwhile is given up for another one.
private func withServer<Value: Sendable>(
    _ blueprint: PostgresBlueprint, _ installation: PostgresInstallation,
    creation: (_ folder: String, _ programs: String) -> [String], body: (PostgresServer) async throws -> Value
) async throws -> Value {
    for _ in 1..<3 {
        do {
            return try await withSupervisor(blueprint, installation, creation: creation, body: body)
        } catch let failure as PostgresStartFailure where failure.log.contains("Address already in use") {
            continue
        }
    }
    return try await withSupervisor(blueprint, installation, creation: creation, body: body)
}

private func withSupervisor<Value: Sendable>(
    _ blueprint: PostgresBlueprint, _ installation: PostgresInstallation,
    creation: (_ folder: String, _ programs: String) -> [String], body: (PostgresServer) async throws -> Value
) async throws -> Value {
    let folder = try TemporaryFolder(prefix: "ccb-pg\(installation.major)").path
    let port = try FreePort.any()
    let supervisor = PostgresSupervisor(
        folder: folder.string, programs: installation.programs.string,
        creation: creation(folder.string, installation.programs.string),
        configuration: blueprint.configuration(port: port, folder: folder.string), password: blueprint.password, tls: blueprint.tls,
        environment: blueprint.environment
    )
    let server = PostgresServer(installation: installation, port: port, folder: folder, password: blueprint.password)
    var configuration = supervisor.command.configuration
    // Killing the supervisor outright would leave its server behind.
    configuration.platformOptions.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(30))]
    let ended = try await Subprocess.run(configuration, input: .inputWriter, output: .sequence, error: .discarded) { execution in
        let result = await outcome(of: server, printed: execution.standardOutput.strings(), body)
        try await execution.standardInputWriter.finish()
        return result
    }
    return try ended.closureResult.get()
}

private func outcome<Value: Sendable>(
    of server: PostgresServer, printed: SubprocessOutputSequence.StringSequence<UTF8>, _ body: (PostgresServer) async throws -> Value
) async -> Result<Value, any Error> {
    do {
        var log = ""
        for try await line in printed {
            if line.hasPrefix(PostgresSupervisor.readyLine) { return .success(try await body(server)) }
            log += line
        }
        throw PostgresStartFailure(major: server.major, log: log)
    } catch {
        return .failure(error)
    }
}

/// A private server that did not come up, with the end of its log.
package struct PostgresStartFailure: Error, CustomStringConvertible {
    let major: Int
    let log: String
    package var description: String { "PostgreSQL \(major) did not start: \(log)" }
}
