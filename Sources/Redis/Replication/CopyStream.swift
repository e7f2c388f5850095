package import BackupModel
import NIOCore

/// The RDB file of a server, taken over the network as a replica takes it: nothing of ours is written on the server.
///
/// Pulled piece by piece; a slow reader makes the server's child process wait. The connection is the stream's alone and has to be closed after it.
package struct CopyStream {
    /// Pieces are gathered to this size, the last one excepted.
    package static let pieceBytes = 256 << 10

    package let resync: FullResync
    private let connection: RedisConnection
    private let patience: ReplicationPatience
    private var transfer = CopyTransfer()

    /// Asks for the copy and waits for the instant it will be of.
    /// - Throws: `BackupError` with what the server refused, `.stalled`, `.sourceUnreachable`; `CancellationError`.
    package static func begin(
        over connection: RedisConnection, limits: ReplicationLimits, now: @Sendable () -> Instant
    ) async throws -> CopyStream {
        try await introduce(connection)
        let patience = ReplicationPatience(limits)
        await connection.send([RedisCommand("PSYNC", "?", "-1")])
        let reply = try await connection.rawReply(to: "PSYNC", patience: patience.preparation, skippingKeepAlives: true)
        let instant = now()
        if case .error(let refused) = reply { throw Refusal(refused, by: connection.endpoint, doing: "PSYNC").error }
        guard case .simple(let line) = reply, let resync = FullResync(line, at: instant) else {
            throw connection.strange("its answer to PSYNC is no FULLRESYNC")
        }
        return CopyStream(resync: resync, connection: connection, patience: patience)
    }

    private init(resync: FullResync, connection: RedisConnection, patience: ReplicationPatience) {
        self.resync = resync
        self.connection = connection
        self.patience = patience
    }

    /// The newest release of Valkey whose files `RDBFormat` knows everything about.
    private static let newestValkey = "9.1.0"

    /// What a replica says of itself.
    /// - Parameter wantsWrites: whether it also takes what is written after the copy.
    static func introduce(_ connection: RedisConnection, wantsWrites: Bool = false) async throws {
        // For CLIENT LIST only, so a user without permission for it does without.
        _ = try await connection.ask(RedisCommand("CLIENT", "SETNAME", "call-center-backup"))
        // Sentinels read the primary's INFO and remember whoever stands there as a replica for ever, unless its port is none. Some clients do too.
        _ = try await connection.ask(RedisCommand("REPLCONF", "listening-port", "-1"))
        try await connection.call(RedisCommand("REPLCONF", "capa", "eof", "capa", "psync2"))
        // Valkey 9 sends who does not say so a file of version 11, and none at all where that has no room for what it holds: fields that expire.
        _ = try await connection.ask(RedisCommand("REPLCONF", "version", newestValkey))
        // Since Redis 7.0: the primary keeps no buffer of writes for us. Older ones refuse the word, and we leave when the file is here.
        if !wantsWrites { _ = try await connection.ask(RedisCommand("REPLCONF", "rdb-only", "1")) }
    }

    /// The copy's length, where the server has announced it: known from the first piece on.
    package var announcedBytes: Int64? { transfer.announcedBytes }

    /// The next piece of the file; nil when all of it has been given.
    /// - Throws: `BackupError`; what was given by then is not a whole file.
    package mutating func next() async throws -> [UInt8]? {
        guard !transfer.isDone else { return nil }
        let (piece, transfer) = try await connection.piece(of: transfer, bytes: Self.pieceBytes, patience)
        self.transfer = transfer
        return piece.isEmpty ? nil : piece
    }
}

/// The limits of one transfer, with the clock already running.
struct ReplicationPatience: Sendable {
    let preparation: Patience
    let transfer: Patience

    init(_ limits: ReplicationLimits) {
        preparation = Patience(stall: limits.stall, whole: min(limits.preparation, limits.whole ?? limits.preparation))
        transfer = Patience(stall: limits.stall, whole: limits.whole)
    }
}

extension RedisConnection {
    /// Gathers at least `bytes` of a copy, or its end. Runs on the connection's own loop: a primary sends pieces of 16 KiB, and a hop to another
    /// thread for each would cost more than the copy.
    func piece(
        of transfer: CopyTransfer, bytes: Int, _ patience: ReplicationPatience
    ) async throws -> (piece: [UInt8], transfer: CopyTransfer) {
        var transfer = transfer
        var piece: [UInt8] = []
        piece.reserveCapacity(bytes + ByteInlet.pieceBytes)
        while piece.count < bytes, !transfer.isDone {
            let doing = transfer.hasBegun ? "receiving the copy" : "waiting for the copy to begin"
            let arrived = try await self.bytes(transfer.hasBegun ? patience.transfer : patience.preparation, doing: doing)
            guard let arrived else { throw ended(transfer.hasBegun ? "in the middle of the copy" : "before the copy began") }
            try take(arrived, of: &transfer, into: &piece)
        }
        return (piece, transfer)
    }

    private func take(_ bytes: ByteBuffer, of transfer: inout CopyTransfer, into piece: inout [UInt8]) throws {
        do {
            try bytes.withUnsafeReadableBytes { try transfer.take($0, into: &piece) }
        } catch CopyTransfer.Failure.refused(let refused) {
            throw Refusal(refused, by: endpoint, doing: "the copy").error
        } catch {
            throw strange("a copy has to begin with its length or its mark")
        }
    }

    nonisolated func strange(_ what: String) -> BackupError {
        BackupError(
            .failed, "Redis at \(endpoint) does not replicate as it should: \(what)",
            hint: "Is there a proxy in between? A copy has to be taken from the server itself.")
    }
}
