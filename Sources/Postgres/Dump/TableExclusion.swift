import BackupModel

/// How pg_dump is told to leave out the rows of the tables we read ourselves.
///
/// Each table is a pattern of its own, in quotes: there every character stands for itself (psql documentation, "Patterns"). pg_dump
/// asks the server once per pattern; for one name the server looks into an index (0.2 ms among 5,000 tables), for an alternation of a
/// hundred it tries every table (200 ms), so they are not put together.
struct TableExclusion: Sendable, Equatable {
    /// For the command line.
    private(set) var arguments: [[UInt8]] = []
    /// For standard input; empty where the command line is enough.
    private(set) var filter: [UInt8] = []

    /// Linux allows the arguments and the environment of a process 2 MiB together (execve(2)); each argument takes a pointer, too.
    static let argumentLimit = 1_500_000
    /// The release of pg_dump that reads its filters from a file.
    static let filterRelease = 17

    /// - Parameter release: of pg_dump.
    /// - Throws: `BackupError` when the names do not fit on a command line and pg_dump reads no filters.
    init(of tables: [TableName], release: Int, limit: Int = argumentLimit) throws {
        let names = tables.map(\.qualified).sorted { $0.lexicographicallyPrecedes($1) }
        let arguments = names.map { Array("--exclude-table-data=".utf8) + $0 }
        if arguments.reduce(0, { $0 + $1.count + 1 + MemoryLayout<Int>.size }) < limit {
            self.arguments = arguments
        } else if release >= Self.filterRelease {
            let written = names.filter { !$0.contains(SQLByte.carriageReturn) }
            self.arguments = [Array("--filter=-".utf8)] + arguments.filter { $0.contains(SQLByte.carriageReturn) }
            filter = written.flatMap { Array("exclude table_data ".utf8) + Self.escaped($0) + [SQLByte.newline] }
        } else {
            throw BackupError(
                .failed, "the names of \(tables.count.counted("table")) are too long together for one run of pg_dump \(release)",
                hint:
                    "pg_dump \(Self.filterRelease) and later are given them otherwise: install postgresql-client-\(Self.filterRelease) and name "
                    + "its folder in PG_BIN_DIR; or take this database with --format custom.")
        }
    }

    /// In a filter a backslash and a newline are written as C does (pg_dump's filter.c); a carriage return cannot be written at all.
    private static func escaped(_ name: [UInt8]) -> [UInt8] {
        name.flatMap { byte -> [UInt8] in
            switch byte {
            case SQLByte.backslash: [SQLByte.backslash, SQLByte.backslash]
            case SQLByte.newline: [SQLByte.backslash, UInt8(ascii: "n")]
            default: [byte]
            }
        }
    }
}
