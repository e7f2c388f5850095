import Glibc
import ScratchServers
import Subprocess
import SystemPackage

/// PostgreSQL's own server programs of one major release: what a proof needs, and what a backup alone does not.
package struct ServerPrograms: Sendable {
    package let folder: String
    /// The major release, as in 15.
    package let major: Int

    package func path(of program: String) -> String { folder + "/" + program }

    /// Finds the programs of exactly that release: another one may read the rows and still not be the server the backup is of.
    /// - Parameter preferred: a folder to look into before the usual places (`PG_BIN_DIR`).
    /// - Throws: `ScratchUnavailable` that says what to install.
    package static func find(major: Int, preferred: String?, path: String?) async throws -> ServerPrograms {
        let search = (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        let candidates = [preferred].compactMap { $0 } + ["/usr/lib/postgresql/\(major)/bin"] + search
        for folder in candidates where ["initdb", "postgres"].allSatisfy({ access(folder + "/" + $0, X_OK) == 0 }) {
            if await release(in: folder) == major { return ServerPrograms(folder: folder, major: major) }
        }
        // A cancelled task cannot ask a program for its release.
        try Task.checkCancellation()
        throw ScratchUnavailable(
            .programs, "the server programs of PostgreSQL \(major) are not installed on this host",
            hint: "apt install postgresql-\(major), or name the folder of its initdb and postgres in PG_BIN_DIR.")
    }

    /// The newest release there is, for a dump that does not say which it is of.
    /// - Throws: `ScratchUnavailable` where there is none.
    package static func newest(preferred: String?, path: String?) async throws -> ServerPrograms {
        for major in (10...30).reversed() {
            if let found = try? await find(major: major, preferred: preferred, path: path) { return found }
        }
        throw ScratchUnavailable(
            .programs, "no server programs of PostgreSQL are installed on this host",
            hint: "apt install postgresql, or name the folder of initdb and postgres in PG_BIN_DIR.")
    }

    /// `postgres (PostgreSQL) 17.2 (Debian 17.2-1)` is 17.
    private static func release(in folder: String) async -> Int? {
        let answer = try? await run(
            .path(FilePath(folder + "/postgres")), arguments: ["--version"], output: .string(limit: 4096), error: .discarded)
        return answer?.standardOutput.firstMatch(of: /\(PostgreSQL\) (\d+)/).flatMap { Int($0.1) }
    }
}
