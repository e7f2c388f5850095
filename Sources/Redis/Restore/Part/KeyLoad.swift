import BackupModel
import NIOCore
import RDBFormat

/// What became of the selected keys.
package struct KeyCounts: Sendable, Equatable, Codable {
    package var restored: Int64 = 0
    /// They were there, and nothing was to be replaced.
    package var skipped: Int64 = 0
    /// Their time was over before they could be restored.
    package var expired: Int64 = 0
    /// The server took its value for malformed, or has no such type.
    package var rejected = KeyNames()
    /// What it said about the first of them.
    package var rejection: String?
}

/// Sends keys by RESTORE, many ahead of their replies, but never more than a few megabytes, or one value.
struct KeyLoad {
    private static let aheadBytes = 4 << 20
    private static let aheadCommands = 1000

    private enum Owed {
        case select
        case key(KeyHeader, bytes: Int)

        var bytes: Int { if case .key(_, let bytes) = self { bytes } else { 0 } }
    }

    private let connection: RedisConnection
    private let replaces: Bool
    /// Of the file: RESTORE wants to know by which rules the value was written.
    private let version: Int
    private var owed = CircularBuffer<Owed>()
    private var owedBytes = 0
    private var database: UInt64?
    /// Written and not sent yet.
    private var unsent = ByteBuffer()
    private(set) var counts = KeyCounts()
    private(set) var marks = KeyMarks()

    init(over connection: RedisConnection, version: Int, replaces: Bool) {
        self.connection = connection
        self.version = version
        self.replaces = replaces
        // A user may lack the right to SELECT, and need it for other databases only.
        database = connection.endpoint.database == 0 ? 0 : nil
    }

    /// - Parameter now: Unix time of the server in milliseconds.
    mutating func send(_ keys: [CutKey], now: Int64) async throws {
        for key in keys {
            guard key.header.expiresAt.map({ $0 > now }) ?? true else {
                counts.expired += 1
                continue
            }
            select(key.header.database)
            try await write(key)
            if owedBytes > Self.aheadBytes || owed.count > Self.aheadCommands { try await flush() }
        }
        try await flush()
    }

    private mutating func write(_ key: CutKey) async throws {
        owe(.key(key.header, bytes: key.value.count))
        let message = RestoreMessage(key: key, version: version, replaces: replaces)
        try await message.write(to: &unsent) { [connection] buffer in
            try await connection.deliver(buffer, of: "RESTORE")
            buffer.clear()
        }
    }

    private mutating func flush() async throws {
        try await connection.deliver(unsent, of: "RESTORE")
        unsent.clear()
        while owedBytes > Self.aheadBytes || owed.count > Self.aheadCommands { try await takeReply() }
    }

    /// Waits for the replies to everything that was sent.
    mutating func finish() async throws {
        while !owed.isEmpty { try await takeReply() }
    }

    private mutating func select(_ number: UInt64) {
        guard database != number else { return }
        database = number
        RedisCommand("SELECT", "\(number)").write(to: &unsent)
        owe(.select)
    }

    private mutating func owe(_ reply: Owed) {
        owed.append(reply)
        owedBytes += reply.bytes
    }
}

extension KeyLoad {
    private mutating func takeReply() async throws {
        guard let expected = owed.popFirst() else { return }
        owedBytes -= expected.bytes
        guard case .key(let key, _) = expected else {
            _ = try await connection.reply(to: "SELECT")
            return
        }
        switch try await connection.rawReply(to: "RESTORE") {
        case .error(let refused): try await take(refused, of: key)
        default:
            counts.restored += 1
            marks.insert(key.name, in: key.database)
        }
    }

    private mutating func take(_ refused: RedisError, of key: KeyHeader) async throws {
        if refused.kind == "BUSYKEY" {
            counts.skipped += 1
        } else if Self.concernsTheValue(refused) {
            counts.rejected.add(key.name)
            counts.rejection = counts.rejection ?? "\(refused)"
        } else {
            throw Refusal(refused, by: connection.endpoint, doing: "RESTORE").error
        }
    }

    /// `restoreCommand` in Redis' `cluster.c`; anything else would meet the next key too.
    private static func concernsTheValue(_ refused: RedisError) -> Bool {
        refused.message.hasPrefix("Bad data format") || refused.message.hasPrefix("DUMP payload version or checksum")
    }
}
