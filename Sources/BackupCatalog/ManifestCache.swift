import BackupModel
import FoundationEssentials
import GRDB

/// Manifests of far stores as they were read last, in an SQLite file: a listing then asks only for those that changed.
///
/// It is a cache and nothing more: what is in it can be read again from any store. A file that is damaged is made anew.
package final class ManifestCache: Sendable {
    private let path: String
    private let database: HeldDatabase
    private var queue: DatabaseQueue { database.queue }

    /// - Throws: `.storeFailed` when the file can neither be used nor made anew; one that is only busy, or on a full disk, is left to its users.
    package init(folder: String) throws {
        path = folder + "/catalog.sqlite"
        do { database = HeldDatabase(try StateDatabase.open(path, Self.schema)) } catch let error as DatabaseError where error.isDamage {
            // Most of them are not there; what cannot be removed is found damaged again.
            for ending in ["", "-wal", "-shm", "-journal"] { try? FileManager.default.removeItem(atPath: path + ending) }
            do { database = HeldDatabase(try StateDatabase.open(path, Self.schema)) } catch { throw Self.unusable(path, error) }
        } catch { throw Self.unusable(path, error) }
    }

    /// For who only looks, and changes nothing: what is remembered already, nil where nothing is.
    package init?(reading folder: String) {
        path = folder + "/catalog.sqlite"
        guard let queue = try? StateDatabase.openReading(path) else { return nil }
        database = HeldDatabase(queue)
    }

    /// The content of a manifest that is still what it was; nil for one that changed, or of a store that does not tell changes.
    func content(of object: StoredObject, in store: String) async throws -> [UInt8]? {
        guard let tag = object.tag else { return nil }
        return try await queue.read { database in
            try Data.fetchOne(
                database, sql: "SELECT content FROM manifest WHERE store = ? AND key = ? AND tag = ? AND bytes = ?",
                arguments: [store, object.key, tag, object.bytes])
        }.map { Array($0) }
    }

    func remember(_ content: [UInt8], of object: StoredObject, in store: String) async throws {
        guard let tag = object.tag else { return }
        try await queue.write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO manifest (store, key, tag, bytes, content) VALUES (?, ?, ?, ?, ?)",
                arguments: [store, object.key, tag, object.bytes, Data(content)])
        }
    }

    /// Forgets manifests that are gone from a store.
    func keep(only keys: Set<String>, of store: String) async throws {
        try await queue.write { database in
            let known = try String.fetchAll(database, sql: "SELECT key FROM manifest WHERE store = ?", arguments: [store])
            for key in known where !keys.contains(key) {
                try database.execute(sql: "DELETE FROM manifest WHERE store = ? AND key = ?", arguments: [store, key])
            }
        }
    }

    /// Forgets everything.
    package func clear() async throws {
        try await queue.write { try $0.execute(sql: "DELETE FROM manifest") }
        try await queue.vacuum()
    }

    private static var schema: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("manifests") { database in
            try database.create(table: "manifest") { table in
                for column in ["store", "key", "tag"] { table.column(column, .text).notNull() }
                table.column("bytes", .integer).notNull()
                table.column("content", .blob).notNull()
                table.primaryKey(["store", "key"])
            }
        }
        return migrator
    }

    private static func unusable(_ path: String, _ cause: any Error) -> BackupError {
        BackupError(
            .storeFailed, "the catalog's cache \(path) can neither be used nor made anew",
            hint: StateFailure.hint(isFull: (cause as? DatabaseError)?.resultCode == .SQLITE_FULL), cause: cause)
    }
}
