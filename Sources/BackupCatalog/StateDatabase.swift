package import GRDB
import Glibc

/// SQLite files of BACKUP_STATE_DIR, which several processes use at the same time and nobody else may read.
package enum StateDatabase {
    /// Opens a file of the folder; both are made where they are not there.
    /// - Parameters:
    ///   - isLogged: whether it is written through a log beside it (WAL), so that readers and a writer do not wait for one another.
    ///   - schema: what has to be done to the file before it is used.
    /// - Throws: `DatabaseError`, for a file that is busy for longer than ten seconds as well.
    package static func open(_ path: String, isLogged: Bool = false, _ schema: DatabaseMigrator) throws -> DatabaseQueue {
        prepare(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        if isLogged { configuration.journalMode = .wal }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try schema.migrate(queue)
        return queue
    }

    /// Opens a file for who only looks: nothing is made, changed or locked for writing.
    /// - Throws: `DatabaseError`, for one that is not there and one that is busy for longer than two seconds as well.
    package static func openReading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(2)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// SQLite gives its other files the rights of the first one. Where this fails the file cannot be opened either, and that says why.
    ///
    /// A file that is there already is not opened: closing it would take the locks of every connection this process has to it, and another process
    /// that thinks itself the last one then removes the log they write to (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    private static func prepare(_ path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        StateFolder.make(folder)
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) } else { chmod(path, 0o600) }
    }
}
