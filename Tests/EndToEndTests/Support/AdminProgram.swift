import BackupService
import BackupTestKit
import Glibc
import SystemPackage
import Testing

/// `call-center-admin` as an operator runs it: a process with an environment, against one server and one backup folder.
struct AdminProgram {
    let server: PostgresServer
    /// `BACKUP_DIR`.
    let folder: FilePath
    var environment: [String: String?] = [:]

    static let path = path(of: .admin)

    /// The program by one of its names.
    static func path(of program: Program) -> String { programs.appending(program.rawValue).string }

    /// Where the program is that was built together with these tests, or TEST_PROGRAMS: `make test-release` names the release build.
    static let programs: FilePath = {
        let folder = getenv("TEST_PROGRAMS").map { FilePath(String(cString: $0)) } ?? ownFolder
        // In one step, as others may be running them. A name that is missing is missed by whoever starts it.
        for name in Program.allCases where name != .admin {
            let link = folder.appending(".\(name.rawValue)-\(getpid())").string
            symlink(Program.admin.rawValue, link)
            rename(link, folder.appending(name.rawValue).string)
        }
        return folder
    }()

    private static let ownFolder: FilePath = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
        let tests = FilePath(String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self))
        return tests.removingLastComponent()
    }()

    func command(_ arguments: String...) -> Command { command(arguments) }

    func command(_ arguments: [String]) -> Command {
        var all = server.environment.merging(Self.cleared) { $1 }
        all["BACKUP_DIR"] = folder.string
        all["BACKUP_STATE_DIR"] = "\(folder)/../state"
        // A proof by restore takes a server of its own; the tests of it ask for one.
        all["BACKUP_VERIFY_LEVEL"] = "quick"
        // However full the disk of the tests is.
        all["BACKUP_DISK_MAX_PERCENT"] = "100"
        all["PG_BIN_DIR"] = server.program("").string
        var command = Command(Self.path, arguments, environment: all.merging(environment) { $1 })
        command.workingDirectory = "/"
        return command
    }

    /// Takes a backup that has to succeed and returns the file of the database.
    @discardableResult
    func backup(_ database: String, _ options: String...) async throws -> FilePath {
        try await command(["db", "backup", "--database", database] + options).output()
        return try await newestDump(of: database)
    }

    /// Restores a dump into a database of its own, which is dropped after `body` has looked at it.
    func restored<Value>(_ dump: FilePath, _ body: (_ copy: String) async throws -> Value) async throws -> Value {
        let copy = "restored_\(UInt32.random(in: .min ... .max))"
        do {
            try await command("db", "restore", dump.string, "--into", copy, "--jobs", "2").output()
            let value = try await body(copy)
            try await server.dropDatabase(copy)
            return value
        } catch {
            try await server.dropDatabase(copy)
            throw error
        }
    }

    func newestDump(of database: String) async throws -> FilePath {
        let names = try await entries().filter { $0.hasPrefix("\(database)-") && $0.hasSuffix("Z.sql.gz") }
        let newest = try #require(names.max(), "no dump of \(database)")
        return folder.appending(newest)
    }

    /// The names in the backup folder, hidden ones too.
    func entries() async throws -> [String] {
        try await Command("ls", ["-A", folder.string]).output().split(separator: "\n").map(String.init)
    }

    /// Variables of whoever runs the tests that would change what the program does.
    private static let cleared: [String: String?] = Dictionary(
        uniqueKeysWithValues: [
            "DATABASE_URL", "BACKUP_CONFIG", "BACKUP_ENV_FILE", "BACKUP_DATABASES", "POSTGRES_DB", "BACKUP_JOBS", "PGSSLMODE",
            "REDIS_URL", "REDIS_PASSWORD", "BACKUP_REDIS_REPLICAS", "BACKUP_REDIS_READ_FROM",
        ]
        .map { ($0, nil) })
}

/// Runs `body` with the program on a fresh backup folder.
func withAdmin<Value: Sendable>(_ server: PostgresServer, _ body: (AdminProgram) async throws -> Value) async throws -> Value {
    try await withTemporaryFolder { folder in
        let backups = folder.appending("backups")
        try await Command("mkdir", [backups.string]).output()
        return try await body(AdminProgram(server: server, folder: backups))
    }
}

/// Runs `body` with a database of about 10 MB and an empty backup folder.
/// - Parameter alone: on a server of its own: others' transactions decide what has changed since a backup.
func withCalls(
    alone: Bool = false, _ body: (PostgresServer, _ database: String, AdminProgram) async throws -> Void
) async throws {
    try requireServer(15)
    try await withDatabase(alone: alone) { server, database in
        try await server.loadCalls(into: database, mebibytes: 10)
        try await withAdmin(server) { admin in try await body(server, database, admin) }
    }
}
