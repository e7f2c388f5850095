import BackupModel
import NIOCore

/// One connection that somebody has made to us: the replica we wait for, or a stranger.
struct ReplicaSession: Sendable {
    let client: RedisConnection
    let transfer: Transfer
    let settings: RestoreSettings

    /// Replicas give a primary up that is silent for `repl-timeout`, a minute by default.
    private static let keepAlive = Duration.seconds(5)
    private static let ping = ByteBuffer(string: "*1\r\n$4\r\nPING\r\n")

    /// Fails the transfer with `TransferFailure` when the replica goes away after it has begun and before it follows, and with what reading the file
    /// throws.
    func run() async {
        var commands = CommandReader()
        do {
            if try await isReplica(&commands) { try await serve(commands) }
        } catch {
            transfer.fail(error)
        }
        await client.close()
    }

    /// Answers until the data is asked for. A stranger's connection that breaks is nobody's business.
    private func isReplica(_ commands: inout CommandReader) async throws -> Bool {
        var dialogue = PrimaryDialogue(login: transfer.login)
        while let batch = try await next(&commands, stall: settings.replication.stall) {
            for command in batch {
                switch dialogue.answer(command) {
                case .reply(let text): guard await client.write(ByteBuffer(string: text)) else { return false }
                case .dismissal(let text):
                    _ = await client.write(ByteBuffer(string: text))
                    return false
                case .transfer:
                    // A second time: it has not taken what it got.
                    guard transfer.advance(to: .sending) else { throw TransferFailure(stage: transfer.stage) }
                    return true
                }
            }
        }
        return false
    }

    /// As good as for ever.
    private static let silence: Duration = .seconds(365 * 86_400)

    /// Nil when the other side has gone, or sends nonsense.
    private func next(_ commands: inout CommandReader, stall: Duration) async throws -> [[String]]? {
        do {
            guard let bytes = try await client.bytes(Patience(stall: stall), doing: "waiting for the replica") else {
                return nil
            }
            return try commands.take(bytes)
        } catch {
            try Task.checkCancellation()
            return nil
        }
    }

    private func serve(_ commands: CommandReader) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await send() }
            group.addTask { try await listen(commands) }
            try await group.next()
        }
        try Task.checkCancellation()
        if transfer.stage != .done { throw TransferFailure(stage: transfer.stage) }
    }

    private func listen(_ reader: CommandReader) async throws {
        var reader = reader
        // A replica has nothing to say while it receives: whether the transfer moves is for its watch to judge.
        while let commands = try await next(&reader, stall: Self.silence) {
            transfer.noteSign()
            if commands.contains(where: PrimaryDialogue.isAcknowledgement) { _ = transfer.advance(to: .done) }
        }
    }

    private func send() async throws {
        let header = "+FULLRESYNC \(transfer.replicationID) 0\r\n$\(transfer.byteCount)\r\n"
        guard await client.write(ByteBuffer(string: header)) else { return }
        var pieces = try await transfer.file.pieces()
        while let piece = try await pieces.next() {
            guard await client.write(ByteBuffer(bytes: piece)) else { return }
            transfer.noteSign()
            transfer.progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: nil))
        }
        _ = transfer.advance(to: .sent)
        repeat { try await settings.clock.sleep(for: Self.keepAlive) } while await client.write(Self.ping)
    }
}
