import BackupModel
import CLibPQ

/// One result of the server, freed with its owner.
struct QueryResult: ~Copyable {
    // Unsafe by nature: the pointer never leaves this value.
    private let pointer: OpaquePointer
    private let target: ConnectionTarget

    init(pointer: OpaquePointer, target: ConnectionTarget) {
        self.pointer = pointer
        self.target = target
    }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// Whether the server now waits for, or sends, COPY data.
    var isCopy: Bool { status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH }

    /// - Throws: `BackupError` around the server's own `PostgresError`.
    func requireSuccess() throws {
        switch status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_OUT, PGRES_COPY_IN, PGRES_EMPTY_QUERY: return
        default: throw Refusal(PostgresError(result: pointer), by: target).error
        }
    }

    /// How many rows the command touched, from its tag (`COPY 42`).
    var affectedRows: Int64 { Int64(String(cString: PQcmdTuples(pointer))) ?? 0 }

    var rows: [[[UInt8]?]] {
        (0..<PQntuples(pointer)).map { row in (0..<PQnfields(pointer)).map { cell(row, $0) } }
    }

    private func cell(_ row: Int32, _ column: Int32) -> [UInt8]? {
        guard PQgetisnull(pointer, row, column) == 0, let value = PQgetvalue(pointer, row, column) else { return nil }
        return Array(UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(pointer, row, column))))
    }
}
