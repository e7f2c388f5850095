import BackupModel
import Glibc
package import Subprocess
import SystemPackage

/// PostgreSQL's own client programs, of a release that fits the server.
///
/// pg_dump refuses a server newer than itself, so the oldest release that is no older than the server is taken: its output
/// loads into the widest range of servers. Debian keeps several releases side by side in `/usr/lib/postgresql/<major>/bin`.
package struct ClientPrograms: Sendable {
    package let folder: String
    /// The major release, as in 15.
    package let major: Int
    /// 4 of 15.4; nil where the program does not say, as one before its release.
    package let minor: Int?
    /// What pg_dump answers when asked for its version: the package it is from, too.
    package let version: String

    /// Finds the programs for a server.
    /// - Parameters:
    ///   - serverVersion: as the server numbers it, 150004 for 15.4.
    ///   - preferred: a folder to look into before the usual places (`PG_BIN_DIR`).
    /// - Throws: `BackupError` with `.versionMismatch` when every pg_dump found is older than the server, or none is there.
    package static func find(forServer serverVersion: Int, preferred: String? = nil, path: String?) async throws -> ClientPrograms {
        let needed = serverVersion / 10000
        var found: [ClientPrograms] = []
        for folder in candidates(preferred: preferred, path: path) {
            guard let programs = await ClientPrograms(folder: folder) else { continue }
            if programs.major >= needed, preferred == folder || programs.major == needed { return programs }
            found.append(programs)
        }
        if let fitting = found.filter({ $0.major >= needed }).min(by: { $0.major < $1.major }) { return fitting }
        throw missing(needed, found: found)
    }

    /// The newest programs there are, which read every older release's archives; nil when there are none.
    package static func newest(preferred: String? = nil, path: String?) async -> ClientPrograms? {
        var newest: ClientPrograms?
        for folder in candidates(preferred: preferred, path: path) {
            guard let programs = await ClientPrograms(folder: folder) else { continue }
            if folder == preferred { return programs }
            if programs.major > newest?.major ?? 0 { newest = programs }
        }
        return newest
    }

    package func path(of program: String) -> String { folder + "/" + program }

    /// - Throws: `BackupError` where the program is not beside pg_dump.
    func require(_ program: String) throws {
        guard access(path(of: program), X_OK) != 0 else { return }
        throw BackupError(
            .failed, "there is no \(program) beside pg_dump in \(folder)",
            hint: "Install the whole client of that release (apt install postgresql-client-\(major)), or name its folder in PG_BIN_DIR.")
    }

    package func executable(_ program: String) -> Executable { .path(FilePath(path(of: program))) }

    private static func candidates(preferred: String?, path: String?) -> [String] {
        let debian = (10...30).map { "/usr/lib/postgresql/\($0)/bin" }
        let search = (path ?? "").split(separator: ":").map(String.init)
        let all = [preferred].compactMap { $0 } + debian + search
        var seen: Set<String> = []
        return all.filter { seen.insert($0).inserted && access($0 + "/pg_dump", X_OK) == 0 }
    }

    private static func missing(_ needed: Int, found: [ClientPrograms]) -> BackupError {
        let there = found.map { "\($0.major) in \($0.folder)" }.joined(separator: ", ")
        return BackupError(
            .versionMismatch,
            found.isEmpty
                ? "no pg_dump was found" : "the server is PostgreSQL \(needed), but pg_dump is older: \(there)",
            hint: "Install the client of that release (apt install postgresql-client-\(needed)), or name its folder in PG_BIN_DIR."
        )
    }

    private init?(folder: String) async {
        let version = await Self.version(of: "pg_dump", in: folder)
        guard let version, let (major, minor) = Self.release(in: version) else { return nil }
        self.folder = folder
        self.major = major
        self.minor = minor
        self.version = version
    }

    /// Of one beside pg_dump, which may be from another package; nil where there is none, or it does not say.
    package func release(of program: String) async -> (major: Int, minor: Int?)? {
        await version(of: program).flatMap { Self.release(in: $0) }
    }

    /// The same in its own words.
    func version(of program: String) async -> String? { await Self.version(of: program, in: folder) }

    private static func version(of program: String, in folder: String) async -> String? {
        let answer = try? await run(
            .path(FilePath(folder + "/" + program)), arguments: ["--version"], output: .string(limit: 4096), error: .discarded)
        return answer?.standardOutput.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// `pg_dump (PostgreSQL) 15.4 (Debian 15.4-1)` is 15 and 4; a program that cannot say its version is no candidate.
    private static func release(in version: String) -> (major: Int, minor: Int?)? {
        guard let found = version.firstMatch(of: /\(PostgreSQL\) (\d+)(?:\.(\d+))?/), let major = Int(found.1) else { return nil }
        return (major, found.2.flatMap { Int($0) })
    }
}
