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
    private(set) var counts = KeyCounts()
    private(set) var marks = KeyMarks()

    init(over connection: RedisConnection, version: Int, replaces: Bool) {
        self.connection = connection
        self.version = version
        self.replaces = replaces
    }

    /// - Parameter now: Unix time of the server in milliseconds.
    mutating func send(_ keys: [CutKey], now: Int64) async throws {
        var commands: [RedisCommand] = []
        var bytes = 0
        for key in keys {
            guard key.header.expiresAt.map({ $0 > now }) ?? true else {
                counts.expired += 1
                continue
            }
            select(key.header.database, &commands)
            commands.append(command(for: key))
            owe(.key(key.header, bytes: key.value.count))
            bytes += key.value.count
            if bytes >= Self.aheadBytes || commands.count >= Self.aheadCommands { try await flush(&commands, &bytes) }
        }
        try await flush(&commands, &bytes)
    }

    private mutating func flush(_ commands: inout [RedisCommand], _ bytes: inout Int) async throws {
        await connection.send(commands)
        commands = []
        bytes = 0
        while owedBytes > Self.aheadBytes || owed.count > Self.aheadCommands { try await takeReply() }
    }

    /// Waits for the replies to everything that was sent.
    mutating func finish() async throws {
        while !owed.isEmpty { try await takeReply() }
    }

    private mutating func select(_ number: UInt64, _ commands: inout [RedisCommand]) {
        guard database != number else { return }
        database = number
        commands.append(RedisCommand("SELECT", "\(number)"))
        owe(.select)
    }

    private mutating func owe(_ reply: Owed) {
        owed.append(reply)
        owedBytes += reply.bytes
    }

    private func command(for key: CutKey) -> RedisCommand {
        let payload = DumpPayload.bytes(type: key.header.type, value: Array(key.value), version: version)
        var words = [Array("RESTORE".utf8), key.header.name, Array("\(key.header.expiresAt ?? 0)".utf8), payload]
        if key.header.expiresAt != nil { words.append(Array("ABSTTL".utf8)) }
        if replaces { words.append(Array("REPLACE".utf8)) }
        return RedisCommand(words)
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
