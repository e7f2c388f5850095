import BackupModel
import GRDB
import Glibc

/// The SQLite file of the history, opened.
struct HistoryFile: Sendable {
    private let database: HeldDatabase
    let path: String
    private let inode: UInt64

    /// - Parameter onlyReads: the file is there, and stays as it is.
    /// - Throws: `DatabaseError`, `CocoaError`, `BackupError`.
    init(folder: String, onlyReads: Bool = false) throws {
        path = folder + "/history.sqlite"
        database = HeldDatabase(try onlyReads ? StateDatabase.openReading(path) : StateDatabase.open(path, isLogged: true, Self.schema))
        inode = Self.inode(path) ?? 0
    }

    var queue: DatabaseQueue { database.queue }

    /// Whether another process has put another file in its place meanwhile.
    var isReplaced: Bool { Self.inode(path) != inode }

    /// Puts a damaged file aside, for whoever wants to know what happened to it.
    static func setAside(_ folder: String) throws {
        let path = folder + "/history.sqlite"
        for ending in ["-wal", "-shm"] { unlink(path + ending) }
        guard rename(path, folder + "/history.damaged.sqlite") == 0 || errno == ENOENT else {
            throw BackupError(.storeFailed, "the damaged history \(path) cannot be put aside: \(String(cString: strerror(errno)))")
        }
    }

    private static func inode(_ path: String) -> UInt64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? UInt64(facts.st_ino) : nil
    }
}

extension HistoryFile {
    /// Times are milliseconds since 1970. `run.record` is the whole record in JSON, so that it may grow; nil for one that was withdrawn.
    /// `outcome` holds what the history of a target is counted from, and `tally` what was counted before the oldest records were deleted.
    /// Both are covered by an index, so that a year of hourly runs costs a scrape nothing.
    private static var schema: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("runs") { database in
            try database.execute(
                sql: """
                    CREATE TABLE era (id INTEGER NOT NULL);
                    INSERT INTO era VALUES (random());
                    CREATE TABLE run (
                        id TEXT PRIMARY KEY, changed INTEGER NOT NULL, startedAt INTEGER NOT NULL, underWay INTEGER NOT NULL, record TEXT);
                    CREATE INDEX runByChange ON run (changed);
                    CREATE INDEX runByStart ON run (startedAt);
                    CREATE INDEX runUnderWay ON run (id) WHERE underWay;
                    CREATE INDEX runWithdrawn ON run (startedAt) WHERE record IS NULL;
                    CREATE TABLE outcome (
                        run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE, target TEXT NOT NULL, isBackup INTEGER NOT NULL,
                        startedAt INTEGER NOT NULL, finishedAt INTEGER, state TEXT NOT NULL, verified INTEGER, PRIMARY KEY (run, target));
                    CREATE INDEX outcomeByAge ON outcome (startedAt);
                    CREATE INDEX outcomeByStart ON outcome (target, isBackup, startedAt);
                    CREATE INDEX outcomeByState ON outcome (target, isBackup, state, finishedAt);
                    CREATE INDEX outcomeByVerdict ON outcome (target, verified, finishedAt);
                    CREATE TABLE tally (
                        target TEXT PRIMARY KEY, lastAttempt INTEGER, lastSuccess INTEGER, lastPassed INTEGER, lastFailed INTEGER,
                        succeeded INTEGER NOT NULL, failed INTEGER NOT NULL);
                    """)
        }
        return migrator
    }
}

extension DatabaseError {
    /// Whether the file itself is the trouble, rather than its disk or its users.
    var isDamage: Bool { [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(resultCode) }
}
