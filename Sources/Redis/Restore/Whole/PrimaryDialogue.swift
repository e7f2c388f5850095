import BackupModel
import NIOCore

/// What a primary answers a replica until the transfer begins (Redis, `replication.c`, `syncWithMaster`). Pure.
struct PrimaryDialogue {
    enum Answer: Equatable {
        case reply(String)
        /// Wrong credentials: answered, and the connection is closed.
        case dismissal(String)
        /// The replica asks for the data.
        case transfer
    }

    /// User and password it has to give; nil: whoever comes is let in.
    let login: OneTimeLogin?
    private var isAuthenticated: Bool

    init(login: OneTimeLogin?) {
        self.login = login
        isAuthenticated = login == nil
    }

    mutating func answer(_ command: [String]) -> Answer {
        switch command.first?.uppercased() {
        case "AUTH": return authenticate(command.dropFirst())
        // A replica goes on to AUTH after this refusal of its PING.
        case _ where !isAuthenticated: return .reply("-NOAUTH Authentication required.\r\n")
        case "PING": return .reply("+PONG\r\n")
        case "REPLCONF": return .reply("+OK\r\n")
        case "PSYNC", "SYNC": return .transfer
        default: return .reply("-ERR this is no server but a backup being restored\r\n")
        }
    }

    private mutating func authenticate(_ words: ArraySlice<String>) -> Answer {
        guard let login else { return .reply("+OK\r\n") }
        guard words.last == login.password.reveal(), words.count == 1 || words.first == login.user else {
            return .dismissal("-WRONGPASS invalid username-password pair\r\n")
        }
        isAuthenticated = true
        return .reply("+OK\r\n")
    }

    /// A replica says how far it follows, and so that it has loaded the data. It is never answered.
    static func isAcknowledgement(_ command: [String]) -> Bool {
        command.count > 1 && command[0].uppercased() == "REPLCONF" && command[1].uppercased() == "ACK"
    }
}

/// Takes a client's commands out of its bytes: arrays of bulk strings, or the single line feeds of a replica that is loading.
struct CommandReader {
    /// No command of a replica comes near.
    private static let limit = 64 << 10

    struct Malformed: Error {}

    private var unread = ByteBuffer()
    private var reader = RESPReader(limits: .init(lineBytes: 1024, bulkBytes: 16 << 10, depth: 1, values: 64))

    mutating func take(_ bytes: ByteBuffer) throws(Malformed) -> [[String]] {
        unread.writeImmutableBuffer(bytes)
        guard unread.readableBytes <= Self.limit else { throw Malformed() }
        var commands: [[String]] = []
        while true {
            if reader.isBetweenReplies { skipLineFeeds() }
            guard let command = try next() else { break }
            commands.append(command)
        }
        unread.discardReadBytes()
        return commands
    }

    private mutating func next() throws(Malformed) -> [String]? {
        let value: RESPValue?
        do { value = try reader.next(from: &unread) } catch { throw Malformed() }
        guard let value else { return nil }
        guard let words = value.elements?.compactMap(\.text) else { throw Malformed() }
        return words
    }

    private mutating func skipLineFeeds() {
        while unread.getInteger(at: unread.readerIndex, as: UInt8.self) == UInt8(ascii: "\n") { unread.moveReaderIndex(forwardBy: 1) }
    }
}
