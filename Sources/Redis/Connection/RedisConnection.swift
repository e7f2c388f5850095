import BackupModel
package import NIOCore

/// One connection to Redis or Valkey. It lives on its event loop: nothing in it blocks, nothing hops between threads.
///
/// A connection has one owner. Whatever breaks on it leaves it fit for nothing but `close()`; a refusal of one command does not. A cancelled task
/// closes the socket at once and gets `CancellationError`.
package actor RedisConnection {
    package nonisolated let unownedExecutor: UnownedSerialExecutor
    package nonisolated let endpoint: RedisEndpoint
    private let channel: any Channel
    private let inlet: NIOLoopBound<ByteInlet>
    private let limits: ConnectionLimits
    private var reader = RESPReader()
    /// Until the first reply the port itself may be the wrong one.
    private var hasReplied = false
    /// Arrived and not yet read.
    private var unread = ByteBuffer()

    private init(_ opened: ConnectionStart.Opened, _ endpoint: RedisEndpoint, _ limits: ConnectionLimits) {
        unownedExecutor = opened.channel.eventLoop.executor.asUnownedSerialExecutor()
        channel = opened.channel
        inlet = opened.inlet
        self.endpoint = endpoint
        self.limits = limits
    }

    /// Connects, logs in and selects the database. A server that is loading or has lost its primary can be connected to; it says so when asked for more.
    /// - Throws: `BackupError` with `.sourceUnreachable`, `.authenticationFailed`, `.permissionDenied`, `.invalidConfiguration` or `.stalled`.
    package static func open(_ endpoint: RedisEndpoint, limits: ConnectionLimits = ConnectionLimits()) async throws -> RedisConnection {
        let opened = try await ConnectionStart(endpoint: endpoint, timeout: limits.connect).run()
        let connection = RedisConnection(opened, endpoint, limits)
        do {
            try await connection.introduce()
            return connection
        } catch {
            await connection.close()
            throw error
        }
    }

    private func introduce() async throws {
        if let login = endpoint.login {
            let words = ["AUTH"] + (login.user.map { [$0] } ?? []) + [login.password.reveal()]
            try await call(RedisCommand(words.map { Array($0.utf8) }))
        } else {
            try await knock()
        }
        if endpoint.database != 0 { try await call(RedisCommand("SELECT", "\(endpoint.database)")) }
    }

    /// Shows a wrong port, a wrong certificate or a missing password before anything depends on it.
    private func knock() async throws {
        send([RedisCommand("PING")])
        guard case .error(let refused) = try await rawReply(to: "PING"), refused.closesTheDoor else { return }
        throw Refusal(refused, by: endpoint, doing: "PING").error
    }

    /// A connection that the other side has made to us.
    /// - Parameter place: where it was made to, for messages.
    init(accepted: ConnectionStart.Opened, as place: RedisEndpoint.Place) {
        self.init(accepted, RedisEndpoint(place), ConnectionLimits())
    }

    /// The address of this machine that the connection goes out from; nil for a Unix socket.
    nonisolated var localAddress: String? { channel.localAddress?.ipAddress }

    /// Ends the connection; nothing more is sent or read.
    package func close() {
        channel.close(promise: nil)
    }
}

extension RedisConnection {
    /// Sends one command and waits for its reply, which is never `.error`.
    /// - Throws: `BackupError`; a refusal carries the server's `RedisError` as its cause.
    @discardableResult
    package func call(_ command: RedisCommand) async throws -> RESPValue {
        send([command])
        return try await reply(to: command.name)
    }

    /// The same, where the server may refuse: nil then.
    package func ask(_ command: RedisCommand) async throws -> RESPValue? {
        send([command])
        guard case let reply = try await rawReply(to: command.name), !reply.isRefusal else { return nil }
        return reply
    }

    /// Hands commands to the socket without waiting; each is owed one reply. The caller bounds how much it sends ahead.
    package func send(_ commands: [RedisCommand]) {
        var buffer = ByteBuffer()
        for command in commands { command.write(to: &buffer) }
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// Sends bytes that are no command, and waits until the socket has taken them.
    /// - Returns: false when the connection is gone.
    func write(_ bytes: ByteBuffer) async -> Bool {
        do {
            try await channel.writeAndFlush(bytes).get()
            return true
        } catch {
            return false
        }
    }

    /// Hands bytes to the socket and waits until it has taken them.
    /// - Parameter name: of the command they belong to, for messages.
    /// - Throws: `BackupError` with `.stalled` or `.sourceUnreachable`; `CancellationError`.
    func deliver(_ bytes: ByteBuffer, of name: String) async throws {
        guard bytes.readableBytes > 0 else { return }
        let patience = Patience(stall: limits.reply, whole: limits.reply)
        let channel = channel
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limits.reply)) { channel.close(promise: nil) }
        defer { timer.cancel() }
        let isTaken = await withTaskCancellationHandler {
            await write(bytes)
        } onCancel: {
            channel.close(promise: nil)
        }
        try Task.checkCancellation()
        if !isTaken { throw patience.next > .zero ? ended("while it was sent \(name)") : stalled(patience, "taking \(name)") }
    }

    /// The next reply; a refusal is thrown.
    /// - Parameter name: of the command it belongs to, for messages.
    package func reply(to name: String, patience: Patience? = nil) async throws -> RESPValue {
        let reply = try await rawReply(to: name, patience: patience)
        guard case .error(let refused) = reply else { return reply }
        throw Refusal(refused, by: endpoint, doing: name).error
    }

    /// The next reply as it is, a refusal among them.
    /// - Parameter skippingKeepAlives: throws line feeds away that a primary sends ahead of a reply to show that it lives.
    package func rawReply(to name: String, patience: Patience? = nil, skippingKeepAlives: Bool = false) async throws -> RESPValue {
        while true {
            if skippingKeepAlives, reader.isBetweenReplies { skipKeepAlives() }
            if let reply = try parsed() { return reply }
            guard var more = try await arrival(patience ?? Patience(stall: limits.reply), "waiting for the reply to \(name)") else {
                throw ended("before it replied to \(name)")
            }
            unread.discardReadBytes()
            unread.writeBuffer(&more)
        }
    }

    /// Bytes as they come, for streams that are no replies; nil once the server has closed.
    /// - Parameter doing: for messages: "receiving the copy".
    package func bytes(_ patience: Patience, doing: String) async throws -> ByteBuffer? {
        guard unread.readableBytes > 0 else { return try await arrival(patience, doing) }
        defer { unread = ByteBuffer() }
        return unread.slice()
    }
}

extension RedisConnection {
    private func parsed() throws -> RESPValue? {
        let first = unread.getInteger(at: unread.readerIndex, as: UInt8.self)
        do {
            let reply = try reader.next(from: &unread)
            hasReplied = hasReplied || reply != nil
            return reply
        } catch {
            close()
            throw Unreachable.notRedis(endpoint, firstByte: first, cause: error)
        }
    }

    private func skipKeepAlives() {
        while unread.getInteger(at: unread.readerIndex, as: UInt8.self) == UInt8(ascii: "\n") { unread.moveReaderIndex(forwardBy: 1) }
    }

    private func arrival(_ patience: Patience, _ doing: String) async throws -> ByteBuffer? {
        do {
            return try await next(within: patience.next)
        } catch let error as CancellationError {
            throw error
        } catch ByteInlet.Wait.stalled {
            throw stalled(patience, doing)
        } catch {
            throw Unreachable.tlsFailure(error, endpoint)
                ?? BackupError(
                    .sourceUnreachable, "the connection to Redis at \(endpoint) broke while \(doing)", hint: endedHint, cause: error)
        }
    }

    /// The next bytes; nil once the server has closed. Here and not in the inlet, so that every closure below stays on the loop.
    private func next(within limit: Duration) async throws -> ByteBuffer? {
        while true {
            switch try inlet.value.take() {
            case .bytes(let buffer): return buffer
            case .end:
                try Task.checkCancellation()
                return nil
            case .nothing: try await pause(limit)
            }
        }
    }

    private func pause(_ limit: Duration) async throws {
        let channel = channel
        await withTaskCancellationHandler {
            await withCheckedContinuation { inlet.value.park($0, limit: limit) }
        } onCancel: {
            channel.close(promise: nil)
        }
        try Task.checkCancellation()
    }

    private func stalled(_ patience: Patience, _ doing: String) -> BackupError {
        BackupError(
            hasReplied ? .stalled : .sourceUnreachable, "Redis at \(endpoint) stalled while \(doing): \(patience.complaint)",
            hint: hasReplied
                ? "See what keeps it busy: SLOWLOG GET, CLIENT LIST, INFO persistence; BACKUP_STALL_TIMEOUT sets the limit."
                : wrongPortHint,
            obstacle: .silent)
    }

    /// The error of a connection that the server has closed too early.
    func ended(_ when: String) -> BackupError {
        BackupError(
            .sourceUnreachable, "Redis at \(endpoint) closed the connection \(when)", hint: endedHint)
    }

    private var wrongPortHint: String {
        endpoint.tls == nil
            ? "Is it Redis that listens there? If its port takes TLS only, use rediss:// in REDIS_URL."
            : "Is it Redis that listens there, and does its port take TLS (tls-port)? Without TLS use redis:// in REDIS_URL."
    }

    private var endedHint: String {
        hasReplied ? "The server's log says whether it ended, was killed, or cut a client off; then run the command again." : wrongPortHint
    }
}

extension RedisConnection {
    /// Runs `body` with a connection that is closed on every way out.
    /// - Throws: as `open`, and what `body` throws.
    package static func with<Result: Sendable>(
        _ endpoint: RedisEndpoint, limits: ConnectionLimits = ConnectionLimits(), _ body: (RedisConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await open(endpoint, limits: limits)
        do {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }
}

extension RESPValue {
    fileprivate var isRefusal: Bool {
        guard case .error = self else { return false }
        return true
    }
}

extension RedisError {
    /// Refusals after which nothing at all can be asked.
    fileprivate var closesTheDoor: Bool { kind == "NOAUTH" || kind == "DENIED" || message.hasPrefix("max number of clients") }
}
