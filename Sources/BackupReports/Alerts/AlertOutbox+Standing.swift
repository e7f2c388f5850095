import BackupCatalog
import BackupModel
import FoundationEssentials
import GRDB

extension AlertOutbox {
    /// What each channel of the settings was not told yet, as the file says. It is only read: none is made, and nothing in it is moved.
    /// - Throws: `.storeFailed` when there is a file that cannot be read.
    package static func channels(of settings: AlertSettings, in folder: String) async throws -> [ChannelFacts] {
        let path = folder + "/alerts.sqlite"
        let names = settings.channelNames.sorted()
        guard FileManager.default.fileExists(atPath: path) else { return names.map { ChannelFacts(name: $0) } }
        do {
            let waiting = try await StateDatabase.openReading(path).read { database in
                // One that is being made has nothing in it yet.
                try database.tableExists("parcel") ? try Row.fetchAll(database, sql: standing).map { ChannelFacts($0) } : []
            }
            let known = Dictionary(waiting.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
            return names.map { known[$0] ?? ChannelFacts(name: $0) }
        } catch let error as DatabaseError {
            throw unreadable(path, error)
        }
    }

    /// What became of the heartbeats, as the file says; nil where none is asked for.
    /// - Throws: `.storeFailed` when there is a file that cannot be read.
    package static func heartbeat(of settings: AlertSettings, in folder: String) async throws -> HeartbeatFacts? {
        guard settings.heartbeat != nil else { return nil }
        let path = folder + "/alerts.sqlite"
        guard FileManager.default.fileExists(atPath: path) else { return HeartbeatFacts() }
        do {
            let marks = try await StateDatabase.openReading(path).read { database in
                guard try database.tableExists("mark") else { return [String: String]() }
                return try Row.fetchAll(database, sql: "SELECT name, value FROM mark").reduce(into: [String: String]()) {
                    $0[$1["name"]] = $1["value"]
                }
            }
            let delivery = marks[HeartbeatFacts.deliveryMark].flatMap {
                try? JSONDecoder().decode(HeartbeatFacts.Delivery.self, from: Data($0.utf8))
            }
            return HeartbeatFacts(seen: marks["heartbeat"], delivery: delivery)
        } catch let error as DatabaseError {
            throw unreadable(path, error)
        }
    }

    private static func unreadable(_ path: String, _ error: DatabaseError) -> BackupError {
        BackupError(
            .storeFailed, "the outbox of alerts \(path) cannot be read",
            hint:
                "Its folder is BACKUP_STATE_DIR; it has to be readable. A damaged file may be moved away: then open alerts are told anew.",
            cause: error)
    }

    private static let standing = """
        SELECT channel, COUNT(*) AS waiting, MIN(createdAt) AS since,
            (SELECT failure FROM parcel p WHERE p.channel = parcel.channel AND failure IS NOT NULL ORDER BY id LIMIT 1) AS failure
        FROM parcel GROUP BY channel
        """
}

extension ChannelFacts {
    fileprivate init(_ row: Row) {
        self.init(
            name: row["channel"], waiting: row["waiting"], since: Instant(millisecondsSinceEpoch: row["since"]), failure: row["failure"])
    }
}
