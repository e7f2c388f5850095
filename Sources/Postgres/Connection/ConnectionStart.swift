import BackupModel
import CLibPQ
import Glibc

/// Connecting, with a deadline and the server's error codes.
///
/// libpq's one-call connect reports a refusal as text only. Started step by step, its messages can be asked for with the
/// SQLSTATE in them, so that a wrong password and a missing database are told apart whatever language the server speaks.
struct ConnectionStart {
    let target: ConnectionTarget

    func run() throws -> ConnectionHandle {
        let handle = try begin()
        PQsetErrorVerbosity(handle.pointer, PQERRORS_VERBOSE)
        try establish(handle)
        PQsetErrorVerbosity(handle.pointer, PQERRORS_DEFAULT)
        return handle
    }

    private func begin() throws -> ConnectionHandle {
        let parameters = target.parameters.sorted { $0.key < $1.key }
        let names = parameters.map { strdup($0.key) }
        let values = parameters.map { strdup($0.value) }
        defer { (names + values).forEach { free($0) } }
        let nameList = names.map { UnsafePointer($0) } + [nil]
        let valueList = values.map { UnsafePointer($0) } + [nil]
        guard let pointer = PQconnectStartParams(nameList, valueList, 0) else { throw BackupError(.failed, "libpq is out of memory") }
        return ConnectionHandle(pointer: pointer)
    }

    private func establish(_ handle: borrowing ConnectionHandle) throws {
        guard PQstatus(handle.pointer) != CONNECTION_BAD else { throw failure(handle) }
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw failure(handle) }
            let wait = ConnectionWait(socket: PQsocket(handle.pointer)) { Task.isCancelled }
            do {
                try wait.until(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, limit: timeout, doing: "connecting to \(target)")
            } catch let error as BackupError {
                throw unreachable("nothing answered at \(place(handle)) in time", handle, cause: error.cause)
            }
            state = PQconnectPoll(handle.pointer)
        }
    }

    /// As libpq counts it: nothing and 0 mean no limit.
    private var timeout: Duration? {
        let said = target.parameters["connect_timeout"] ?? getenv("PGCONNECT_TIMEOUT").map { String(cString: $0) }
        return said.flatMap { Int64($0) }.flatMap { $0 > 0 ? .seconds($0) : nil }
    }

    private func failure(_ handle: borrowing ConnectionHandle) -> BackupError {
        let text = trimmed(PQerrorMessage(handle.pointer))
        if let refused = Self.refusal(in: text) { return refusal(refused, handle) }
        if PQconnectionNeedsPassword(handle.pointer) == 1 {
            return BackupError(
                .authenticationFailed, "\(place(handle)) asks for a password and none was given",
                hint: "Put it into DATABASE_URL, PGPASSWORD or ~/.pgpass.")
        }
        return unreachable("cannot connect to \(place(handle))", handle, cause: PostgresError(sqlState: nil, message: said(handle)))
    }

    private func said(_ handle: borrowing ConnectionHandle) -> String {
        Self.once(PQerrorMessage(handle.pointer).map { String(cString: $0) } ?? "")
    }

    private func refusal(_ refused: PostgresError, _ handle: borrowing ConnectionHandle) -> BackupError {
        var error = Refusal(refused, by: target).error
        error.message = "\(place(handle)) refused the connection: \(refused)"
        // A server that turns us away at the door cannot be reached, whatever the reason; pg_hba.conf and passwords have codes of their own.
        if error.code == .failed { error.code = .sourceUnreachable }
        if let state = refused.sqlState, Self.closed.contains(state) { error.obstacle = .databaseClosed }
        return error
    }

    /// By its ACL, and by ALLOW_CONNECTIONS.
    private static let closed: Set<String> = ["42501", "55000"]

    private func unreachable(_ message: String, _ handle: borrowing ConnectionHandle, cause: (any Error)?) -> BackupError {
        let host = PQhost(handle.pointer).map { String(cString: $0) } ?? ""
        let hint =
            host.hasPrefix("/") || Self.resolves(host)
            ? "See whether PostgreSQL runs and listens there: pg_isready with the same host and port."
            : "The host name \(host) cannot be resolved: check it in DATABASE_URL or PGHOST, and the name server."
        return BackupError(.sourceUnreachable, message, hint: hint, cause: cause)
    }

    private func place(_ handle: borrowing ConnectionHandle) -> String {
        let parts = [PQhost(handle.pointer), PQport(handle.pointer), PQdb(handle.pointer), PQuser(handle.pointer)]
            .map { $0.map { String(cString: $0) } ?? "" }
        return "\(parts[0]):\(parts[1]), database \(parts[2]), user \(parts[3])"
    }

    /// A name with several addresses brings the same words for each of them, and a question behind them; what failed where is said once.
    static func once(_ text: String) -> String {
        var places: [(reason: String, addresses: [String])] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("\t") {
            let attempt = line.wholeMatch(of: /connection to server at "([^"]*)"(?: \(([^)]*)\))?, port [0-9]+ failed: (.*)/)
            let (reason, address) = (String(attempt?.3 ?? line), attempt.map { String($0.2 ?? $0.1) })
            if let known = places.firstIndex(where: { $0.reason == reason }) {
                places[known].addresses += [address].compactMap { $0 }
            } else {
                places.append((reason, [address].compactMap { $0 }))
            }
        }
        return places.map { $0.addresses.isEmpty ? $0.reason : "\($0.reason) (\($0.addresses.joined(separator: ", ")))" }
            .joined(separator: "; ")
    }

    /// Verbose messages read `FATAL:  28P01: password authentication failed …`; the first word is in the server's language.
    static func refusal(in text: String) -> PostgresError? {
        guard let match = text.firstMatch(of: /:  ([0-9A-Z]{5}): (.*?)(; |$)/) else { return nil }
        return PostgresError(sqlState: String(match.1), message: String(match.2))
    }

    private static func resolves(_ host: String) -> Bool {
        var found: UnsafeMutablePointer<addrinfo>?
        defer { if let found { freeaddrinfo(found) } }
        return getaddrinfo(host, nil, nil, &found) == 0
    }
}
