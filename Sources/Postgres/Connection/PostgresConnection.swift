import BackupModel
import CLibPQ
import Glibc

/// One connection to PostgreSQL, on a thread of its own: libpq may block there, nothing else waits for it.
///
/// A connection has one owner. Whatever fails on it leaves it fit for nothing but `close()`. A cancelled task cancels the
/// server's query and gets `CancellationError`.
package actor PostgresConnection {
    private let thread = OwnThread()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private var handle: ConnectionHandle?
    private var cancelToken: CancelToken?
    /// How long a COPY may stand still before it counts as failed; nil: for ever.
    var stallLimit: Duration?
    package nonisolated let target: ConnectionTarget

    private init(target: ConnectionTarget, stallLimit: Duration?) {
        self.target = target
        self.stallLimit = stallLimit
    }

    /// Connects.
    /// - Throws: `BackupError` with `.sourceUnreachable`, `.authenticationFailed` or `.databaseMissing`.
    package static func open(
        _ target: ConnectionTarget, applicationName: String, stallLimit: Duration? = nil
    ) async throws -> PostgresConnection {
        let connection = PostgresConnection(target: target.with("fallback_application_name", applicationName), stallLimit: stallLimit)
        try await connection.establish()
        return connection
    }

    private func establish() throws {
        let handle = try ConnectionStart(target: target).run()
        // Notices are the server's small talk ("relation already exists, skipping"); refusals come as errors.
        PQsetNoticeProcessor(handle.pointer, { _, _ in }, nil)
        PQsetnonblocking(handle.pointer, 1)
        cancelToken = CancelToken(handle)
        self.handle = consume handle
    }

    /// Ends the session; the server rolls back what was open.
    package func close() {
        cancelToken = nil
        handle = nil
    }

    /// The version as the server numbers it: 150004 is 15.4.
    package var serverVersion: Int { get throws { Int(PQserverVersion(try pointer())) } }

    /// A reported setting of the session, such as `server_encoding`.
    package func parameter(_ name: String) throws -> String? {
        PQparameterStatus(try pointer(), name).map { String(cString: $0) }
    }

    /// Whether the server runs on this machine as far as the connection shows: a Unix socket or the loopback interface.
    package var isLocal: Bool {
        get throws {
            let host = PQhost(try pointer()).map { String(cString: $0) } ?? ""
            return host.isEmpty || host.hasPrefix("/") || ["localhost", "127.0.0.1", "::1"].contains(host)
        }
    }

    /// Runs any number of statements and drops what they return.
    package func execute(_ sql: String) throws { try execute(Array(sql.utf8)) }

    /// The same on text in the session's client encoding.
    package func execute(_ sql: [UInt8]) throws {
        try send(sql)
        try forEachResult(doing: "running a statement") { _ in }
    }

    /// Runs one query, with parameters as `$1`, `$2` …, and returns its rows as text.
    package func rows(_ sql: String, _ parameters: [String?] = []) throws -> [[String?]] {
        try byteRows(sql, parameters).map { row in row.map { cell in cell.map { String(decoding: $0, as: UTF8.self) } } }
    }

    /// The same in the bytes of the session's client encoding.
    package func byteRows(_ sql: String, _ parameters: [String?] = []) throws -> [[[UInt8]?]] {
        try send(sql, parameters)
        var rows: [[[UInt8]?]] = []
        try forEachResult(doing: "reading a query's rows") { rows += $0.rows }
        return rows
    }
}

extension PostgresConnection {
    func pointer() throws -> OpaquePointer {
        guard let pointer = handle?.pointer else { throw BackupError(.sourceUnreachable, "the connection to \(target) is closed") }
        return pointer
    }

    func send(_ sql: [UInt8]) throws {
        let pointer = try pointer()
        let sent = (sql + [0]).withUnsafeBytes { PQsendQuery(pointer, $0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
        guard sent == 1 else { throw broken() }
        try flush()
    }

    private func send(_ sql: String, _ parameters: [String?]) throws {
        let values = parameters.map { $0.map { strdup($0) } ?? nil }
        defer { values.forEach { free($0) } }
        let pointers = values.map { UnsafePointer($0) }
        guard PQsendQueryParams(try pointer(), sql, Int32(values.count), nil, pointers, nil, nil, 0) == 1 else { throw broken() }
        try flush()
    }

    /// Hands the kernel all that libpq still holds; the server's answers are read meanwhile, or both sides could wait for ever.
    func flush() throws {
        let pointer = try pointer()
        while true {
            switch PQflush(pointer) {
            case 0: return
            case 1:
                try wait(POLLIN | POLLOUT, limit: stallLimit, doing: "sending")
                if PQconsumeInput(pointer) == 0 { throw broken() }
            default: throw broken()
            }
        }
    }

    func nextResult(limit: Duration?, doing: String) throws -> QueryResult? {
        let pointer = try pointer()
        while PQisBusy(pointer) == 1 { try receive(limit: limit, doing: doing) }
        return PQgetResult(pointer).map { QueryResult(pointer: $0, target: target) }
    }

    /// Takes every result of what was sent; after a refusal the rest is drained, so that the connection can go on.
    func forEachResult(limit: Duration? = nil, doing: String, _ take: (borrowing QueryResult) -> Void) throws {
        var refusal: (any Error)?
        while let result = try nextResult(limit: limit, doing: doing) {
            guard !result.isCopy else { throw broken() }
            do {
                try result.requireSuccess()
                take(result)
            } catch {
                refusal = refusal ?? error
            }
        }
        if let refusal { throw refusal }
    }

    /// Waits for bytes and lets libpq take them in.
    func receive(limit: Duration?, doing: @autoclosure () -> String) throws {
        try wait(POLLIN, limit: limit, doing: doing())
        if PQconsumeInput(try pointer()) == 0 { throw broken() }
    }

    private func wait(_ events: Int32, limit: Duration?, doing: @autoclosure () -> String) throws {
        let wait = ConnectionWait(socket: PQsocket(try pointer())) { Task.isCancelled }
        do {
            try wait.until(events, limit: limit, doing: doing())
        } catch {
            abandon()
            throw error
        }
    }

    /// Has the server stop what it does for us before we leave, so that no query outlives its reader.
    private func abandon() {
        cancelToken?.cancel()
        close()
    }

    /// The error of a connection that broke under us.
    func broken() -> BackupError {
        let reason = trimmed(PQerrorMessage(handle?.pointer))
        close()
        return BackupError(
            .sourceUnreachable,
            "the connection to \(target) broke",
            hint: "The server's log says why it ended the session; then run the command again.",
            cause: PostgresError(sqlState: nil, message: reason)
        )
    }
}
