import BackupModel
import CLibPQ

/// `COPY … FROM STDIN`, fed in pieces of any size; a slow server makes the sender wait.
extension PostgresConnection {
    package func beginCopyIn(_ statement: [UInt8]) throws {
        try send(statement)
        guard let result = try nextResult(limit: nil, doing: "starting COPY") else { throw broken() }
        try result.requireSuccess()
        guard result.status == PGRES_COPY_IN else { throw BackupError(.failed, "the server did not start COPY") }
    }

    package func sendCopyData(_ bytes: UnsafeRawBufferPointer) throws {
        guard PQputCopyData(try pointer(), bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count)) == 1 else { throw broken() }
        try flush()
    }

    package func sendCopyData(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try sendCopyData($0) } }

    /// Ends the COPY.
    /// - Parameter limit: how long the server may take for it; nil where it has entries of indexes to build and triggers to fire, which may be long.
    /// - Returns: the number of rows the server says it took.
    package func endCopyIn(limit: Duration? = nil) throws -> Int64 {
        guard PQputCopyEnd(try pointer(), nil) == 1 else { throw broken() }
        try flush()
        var rows: Int64 = 0
        try forEachResult(limit: limit, doing: "ending COPY") { rows += $0.affectedRows }
        return rows
    }
}
