import Glibc
import RDBFormat
import ScratchServers
import Subprocess
import SystemPackage

/// A server program installed on this host.
struct RedisServerProgram: Sendable, Equatable {
    /// As it was found. A symlink is never followed: Debian's redis-server is one to redis-check-rdb, and the program goes by the name it is called by.
    let path: String
    let version: RedisVersion
    /// The name it has to be called by to be a server, where its own is another.
    var alias: String?

    /// - Returns: the path to call it by, for which a symlink may be made in the folder.
    func callable(in folder: ScratchFolder) throws -> String {
        guard let alias else { return path }
        let link = "\(folder.path)/\(alias)"
        guard symlink(path, link) == 0 else { throw folderFailure("make", link) }
        return link
    }
}

extension RedisServerProgram {
    /// A server by its own name; or what Debian's redis-tools and valkey-tools bring, which is the same program.
    private static let names: [(file: String, alias: String?)] = [
        ("redis-server", nil), ("valkey-server", nil), ("redis-check-rdb", "redis-server"), ("valkey-check-rdb", "valkey-server"),
    ]
    private static let usualFolders = [
        "/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin", "/opt/redis/bin", "/opt/valkey/bin",
    ]

    /// Finds the program that proves a file best: of the product and major release it was taken from, else one that can load it.
    /// - Parameters:
    ///   - origin: the server the file is of, where that is known.
    ///   - preferred: programs to look at before the usual places.
    /// - Throws: `ScratchUnavailable` that says what to install.
    static func find(
        loading header: RDBHeader, from origin: RedisVersion?, preferred: [String], path: String?
    ) async throws -> RedisServerProgram {
        var installed: [RedisServerProgram] = []
        for candidate in candidates(preferred, path) {
            guard let version = await version(of: candidate.path, calledBy: candidate.alias) else { continue }
            installed.append(RedisServerProgram(path: candidate.path, version: version, alias: candidate.alias))
        }
        guard let program = ProgramChoice(header: header, origin: origin).best(of: installed) else {
            throw unavailable(header, installed.map(\.version))
        }
        return program
    }

    private static func candidates(_ preferred: [String], _ path: String?) -> [(path: String, alias: String?)] {
        let search = (path ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        let found = names.flatMap { name in (search + usualFolders).map { ("\($0)/\(name.file)", name.alias) } }
        var seen: Set<String> = []
        return (preferred.map { ($0, nil) } + found).filter { access($0.0, X_OK) == 0 && seen.insert($0.0).inserted }
    }

    /// `Redis server v=7.0.15 sha=…` or `Valkey server v=8.1.8 sha=…`.
    static func version(of path: String, calledBy alias: String?) async -> RedisVersion? {
        let arguments = Arguments(executablePathOverride: alias, remainingValues: ["--version"])
        let answer = try? await run(.path(FilePath(path)), arguments: arguments, output: .string(limit: 4096), error: .discarded)
        guard let match = answer?.standardOutput.firstMatch(of: /(Redis|Valkey) server v=(\d+(?:\.\d+)+)/) else { return nil }
        return RedisVersion(flavour: match.1 == "Valkey" ? .valkey : .redis, text: String(match.2))
    }

    private static func unavailable(_ header: RDBHeader, _ installed: [RedisVersion]) -> ScratchUnavailable {
        let found = installed.isEmpty ? "" : ", only " + Set(installed.map { "\($0)" }).sorted().joined(separator: " and ")
        return ScratchUnavailable(
            .programs, "no server that can load the format \(header.name) is installed on this host\(found)",
            hint: "Install \(LoadableVersion.takers(of: header)): apt install redis-server, or valkey-server; it need not run.")
    }
}

/// Which of several programs proves a file best. Pure.
struct ProgramChoice {
    let header: RDBHeader
    let origin: RedisVersion?

    /// The first of equals.
    func best(of programs: [RedisServerProgram]) -> RedisServerProgram? {
        programs.filter { LoadableVersion($0.version).accepts(header) }.enumerated()
            .max { (rank($0.element), -$0.offset) < (rank($1.element), -$1.offset) }?.element
    }

    /// The same product counts most, then the same major release, then not to be older, then to be close.
    private func rank(_ program: RedisServerProgram) -> Int {
        guard let origin else { return 0 }
        let (mine, theirs) = (program.version.release, origin.release)
        let distance = abs((mine.0 - theirs.0) * 100 + mine.1 - theirs.1)
        return (program.version.flavour == origin.flavour ? 1 << 30 : 0) + (mine.0 == theirs.0 ? 1 << 29 : 0)
            + (mine >= theirs ? 1 << 28 : 0)
            - distance
    }
}
