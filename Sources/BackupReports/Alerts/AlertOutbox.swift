import BackupCatalog
import BackupModel
import FoundationEssentials
import GRDB

/// What is open and what is still to be told, in `alerts.sqlite`: a restart loses nothing, and what was told stays told.
///
/// A decision and its parcels are written in one transaction. A parcel is gone when its channel has taken it; one that was taken in the moment the
/// process died is handed over again under the same id and key. Of the parcels with one key only the first is due, so that an end never overtakes
/// its beginning. Nothing in it is secret: channels are known by their names.
package final class AlertOutbox: Sendable {
    private let database: HeldDatabase
    private var queue: DatabaseQueue { database.queue }

    /// - Throws: `.storeFailed` when the file cannot be used. It is never made anew by itself, as it knows what is open.
    package init(folder: String) throws {
        let path = folder + "/alerts.sqlite"
        do { database = HeldDatabase(try StateDatabase.open(path, Self.schema)) } catch {
            throw BackupError(
                .storeFailed, "the outbox of alerts \(path) cannot be used",
                hint:
                    "Its folder is BACKUP_STATE_DIR; it has to be writable. A damaged file may be moved away: then open alerts are told anew.",
                cause: error)
        }
    }

    private static var schema: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("outbox") { database in
            try database.create(table: "alert") { table in
                table.primaryKey("key", .text)
                table.column("position", .integer).notNull()
                table.column("content", .text).notNull()
            }
            try database.create(table: "parcel") { table in
                table.autoIncrementedPrimaryKey("id")
                for column in ["channel", "key", "content"] { table.column(column, .text).notNull() }
                for column in ["createdAt", "nextAt"] { table.column(column, .integer).notNull() }
                table.column("failures", .integer).notNull().defaults(to: 0)
                table.column("failure", .text)
            }
            try database.create(table: "mark") { table in
                table.primaryKey("name", .text)
                table.column("value", .text).notNull()
            }
        }
        return migrator
    }
}

extension AlertOutbox {
    /// A parcel and the channels it is for.
    struct Order: Sendable {
        var key: String
        var content: AlertParcel.Content
        var channels: [String]
    }

    /// What another version wrote in another way is not known any more: what is still wrong is told anew, under the same key.
    func openAlerts() async throws -> [Alert] {
        let contents = try await queue.read { try String.fetchAll($0, sql: "SELECT content FROM alert ORDER BY position") }
        return contents.compactMap { Self.value(Alert.self, $0) }
    }

    /// The run whose end the heartbeat told last.
    func heartbeatMark() async throws -> String? {
        try await queue.read { try String.fetchOne($0, sql: "SELECT value FROM mark WHERE name = 'heartbeat'") }
    }

    /// What became of the last heartbeat that left.
    func remember(_ delivery: HeartbeatFacts.Delivery) async throws {
        let text = try Self.text(delivery)
        try await queue.write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO mark (name, value) VALUES (?, ?)", arguments: [HeartbeatFacts.deliveryMark, text])
        }
    }

    /// - Parameter mark: the run the heartbeat has told now.
    func record(open: [Alert], _ orders: [Order], mark: String?, at now: Instant) async throws {
        let alerts = try open.map { (key: $0.key, content: try Self.text($0)) }
        let parcels = try orders.flatMap { order in
            let content = try Self.text(order.content)
            return order.channels.map { (channel: $0, key: order.key, content: content) }
        }
        try await queue.write { database in
            try database.execute(sql: "DELETE FROM alert")
            for (position, alert) in alerts.enumerated() {
                try database.execute(
                    sql: "INSERT INTO alert (key, position, content) VALUES (?, ?, ?)", arguments: [alert.key, position, alert.content])
            }
            for parcel in parcels { try Self.insert(parcel, at: now, database) }
            guard let mark else { return }
            try database.execute(sql: "INSERT OR REPLACE INTO mark (name, value) VALUES ('heartbeat', ?)", arguments: [mark])
        }
    }

    /// Of heartbeats only the newest says anything.
    private static func insert(_ parcel: (channel: String, key: String, content: String), at now: Instant, _ database: Database) throws {
        if parcel.key == Heartbeat.key {
            try database.execute(sql: "DELETE FROM parcel WHERE channel = ? AND key = ?", arguments: [parcel.channel, parcel.key])
        }
        try database.execute(
            sql: "INSERT INTO parcel (channel, key, content, createdAt, nextAt) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                parcel.channel, parcel.key, parcel.content, now.millisecondsSinceEpoch,
                // A channel that is waited for is waited for by what comes after, too.
                try Int64.fetchOne(database, sql: "SELECT MAX(nextAt) FROM parcel WHERE channel = ?", arguments: [parcel.channel])
                    ?? now.millisecondsSinceEpoch,
            ])
    }

    private static func value<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}

extension Heartbeat {
    /// What its parcels are kept under.
    static let key = "heartbeat"
}

extension AlertOutbox {
    /// What is still to be told.
    struct Waiting: Sendable {
        var id: Int64
        var channel: String
        var key: String
        var content: AlertParcel.Content
        var createdAt: Instant
        var failures: Int
        var failure: String?

        var parcel: AlertParcel { AlertParcel(id: "\(key)#\(id)", content: content) }
    }

    /// What may be told now, in order.
    func due(at now: Instant) async throws -> [Waiting] {
        try await fetch(
            """
            SELECT * FROM parcel WHERE nextAt <= ? AND id IN (SELECT MIN(id) FROM parcel GROUP BY channel, key) ORDER BY id
            """, [now.millisecondsSinceEpoch])
    }

    /// Everything that was not taken yet, in order.
    func waiting() async throws -> [Waiting] { try await fetch("SELECT * FROM parcel ORDER BY id", []) }

    /// What another version wrote in another way would stand before everything else of its channel for ever, so it is taken away.
    private func fetch(_ sql: String, _ arguments: StatementArguments) async throws -> [Waiting] {
        try await queue.write { database in
            try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap { row in
                guard let content = Self.value(AlertParcel.Content.self, row["content"]) else {
                    try database.execute(sql: "DELETE FROM parcel WHERE id = ?", arguments: [row["id"] as Int64])
                    return nil
                }
                return Waiting(
                    id: row["id"], channel: row["channel"], key: row["key"], content: content,
                    createdAt: Instant(millisecondsSinceEpoch: row["createdAt"]), failures: row["failures"], failure: row["failure"])
            }
        }
    }

    /// It was taken, or never will be.
    func remove(_ waiting: Waiting) async throws {
        try await queue.write { try $0.execute(sql: "DELETE FROM parcel WHERE id = ?", arguments: [waiting.id]) }
    }

    /// The whole channel is left alone until then: what does not take one parcel takes no other.
    func postpone(_ waiting: Waiting, until: Instant, failure: String) async throws {
        try await queue.write { database in
            try database.execute(
                sql: "UPDATE parcel SET failures = failures + 1, failure = ? WHERE id = ?", arguments: [failure, waiting.id])
            try database.execute(
                sql: "UPDATE parcel SET nextAt = MAX(nextAt, ?) WHERE channel = ?",
                arguments: [until.millisecondsSinceEpoch, waiting.channel])
        }
    }
}
