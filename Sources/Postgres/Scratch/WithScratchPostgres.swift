import BackupModel
import Glibc
import ScratchServers

/// Runs `body` with a PostgreSQL of its own, gone on every way out. It listens on a Unix socket in its private folder only.
/// - Throws: `ScratchUnavailable` where it cannot be had on this host; `BackupError` with the end of its log when it does not start or ends
///   in the middle; what `body` throws.
package func withScratchPostgres<Value: Sendable>(
    _ request: ScratchPostgresRequest, _ body: (ScratchPostgres) async throws -> Value
) async throws -> Value {
    let programs = try await ServerPrograms.find(major: request.major, preferred: request.programs, path: request.place.path)
    let login = ScratchLogin()
    return try await withScratchServer(in: request.place, needing: request.bytes) { folder in
        try folder.requireRoom(forSocket: "\(folder.home)/.s.PGSQL.5432")
        return program(request, programs, login, folder)
    } _: { server in
        let target = login.target(in: server.folder)
        let version = try await version(of: server, target)
        return try await body(
            ScratchPostgres(
                target: target, version: version, programs: programs, superuser: login.user, server: server,
                indexMemory: ScratchSettings.indexMemory(request), login: login))
    }
}

/// Letters are more than those of ASCII to the constraints of dumps that say nothing of their locale; the order of bytes stays.
private var characterType: [String] {
    guard let locale = newlocale(Int32(1 << LC_CTYPE), "C.UTF-8", nil) else { return [] }
    freelocale(locale)
    return ["--lc-ctype=C.UTF-8"]
}

private func program(
    _ request: ScratchPostgresRequest, _ programs: ServerPrograms, _ login: ScratchLogin, _ folder: ScratchFolder
) -> ScratchProgram {
    let data = folder.home + "/data"
    return ScratchProgram(
        preparation: [
            programs.path(of: "initdb"), "-D", data, "-U", login.user, "-E", "UTF8", "--locale=C", "--auth=scram-sha-256",
            "--pwfile=\(folder.path)/password", "--no-sync",
        ] + characterType + (programs.major >= 18 ? ["--no-data-checksums"] : []),
        server: [programs.path(of: "postgres"), "-D", data, "-c", "config_file=\(folder.path)/postgresql.conf"],
        files: [
            "password": login.password.reveal(), "postgresql.conf": ScratchSettings(request: request, folder: folder).text,
            "pg_hba.conf": ScratchSettings.access,
        ],
        passing: ["password"], endSignal: "QUIT", gentleSignal: "INT")
}

private func version(of server: ScratchServer, _ target: ConnectionTarget) async throws -> Int {
    var version = 0
    try await server.awaitAnswer {
        do {
            version = try await PostgresConnection.with(target, applicationName: "call-center-backup scratch") {
                try await $0.serverVersion
            }
            return true
        } catch let error as BackupError where error.code == .sourceUnreachable {
            return false
        }
    }
    return version
}
