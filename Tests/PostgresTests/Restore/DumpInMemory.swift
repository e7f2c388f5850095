import BackupModel
import BackupTestKit
import DumpFormat
import Synchronization
import SystemPackage

@testable import Postgres

/// A dump taken into memory, and read from there.
final class DumpInMemory: ByteSink, RandomAccessBytes {
    private let taken = Mutex<[UInt8]>([])
    private let ranges = Mutex<Int>(0)

    var bytes: [UInt8] {
        get { taken.withLock { $0 } }
        set { taken.withLock { $0 = newValue } }
    }

    /// Bytes that were read so far.
    var bytesRead: Int { ranges.withLock { $0 } }

    var byteCount: Int64 { Int64(bytes.count) }

    func write(_ bytes: [UInt8]) async throws { taken.withLock { $0 += bytes } }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        ranges.withLock { $0 += count }
        return taken.withLock { Array($0[Int(offset)..<Int(offset) + count]) }
    }

    func reader() async throws -> DumpReader {
        try await DumpReader(byteCount: byteCount) { try await self.read(at: $0, count: $1) }
    }

    static func of(_ database: String, on server: PostgresServer, previous: DumpIndex? = nil) async throws -> DumpInMemory {
        let dump = DumpInMemory()
        let request = DumpRequest(
            target: try ConnectionTarget(url: server.url(database: database)), jobs: 2,
            programFolder: server.installation.client.programs.string, previous: previous, tool: "tests",
            timestamp: { "2026-02-14T02:00:00Z" })
        _ = try await PostgresDump(request, progress: { _ in }).write(to: dump)
        return dump
    }
}

extension PostgresServer {
    /// The server as a restore is given it.
    var target: ConnectionTarget { get throws { try ConnectionTarget(url: url()) } }

    func restore(
        _ dump: DumpInMemory, to destination: RestoreDestination, _ options: RestoreOptions = RestoreOptions(),
        progress: @escaping ProgressSink = { _ in }
    ) async throws -> RestoredDatabase {
        try await PostgresRestore(of: dump.reader(), to: destination, on: target, options: options, progress: progress).run()
    }

    /// Whose name begins so; dropped databases leave no name.
    func databases(beginning prefix: String) async throws -> [String] {
        try await psql("SELECT datname FROM pg_database WHERE starts_with(datname, '\(prefix)') ORDER BY 1")
            .split(separator: "\n").map(String.init)
    }
}

/// Runs `body` with a name for a new database; what has been made under names that begin so is dropped afterwards.
func withNewName<Value: Sendable>(on server: PostgresServer, _ body: (String) async throws -> Value) async throws -> Value {
    let name = "restored_\(UInt32.random(in: 0 ... .max))"
    let result: Result<Value, any Error>
    do { result = .success(try await body(name)) } catch { result = .failure(error) }
    for database in try await server.databases(beginning: name) { try await server.dropDatabase(database) }
    return try result.get()
}
