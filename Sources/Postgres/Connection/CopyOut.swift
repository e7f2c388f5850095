import BackupModel
import CLibPQ

/// `COPY … TO STDOUT`, pulled row by row; the server waits when we do.
extension PostgresConnection {
    /// - Parameter statement: may stand behind others that return no rows.
    package func beginCopyOut(_ statement: [UInt8]) throws {
        try send(statement)
        var hasResults = false
        while let result = try nextResult(limit: nil, doing: "starting COPY") {
            try result.requireSuccess()
            if result.status == PGRES_COPY_OUT { return }
            hasResults = true
        }
        if hasResults { throw BackupError(.failed, "the server did not start COPY") }
        // Without any, there is no server any more.
        throw broken()
    }

    /// Hands `take` each row as the server sent it, its newline included, until `take` answers false or the rows end.
    /// - Returns: whether there may be more rows.
    package func copyRows(_ take: (UnsafeRawBufferPointer) throws -> Bool) throws -> Bool {
        let pointer = try pointer()
        while true {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(pointer, &row, 1)
            switch length {
            case 0: try receive(limit: stallLimit, doing: "waiting for rows")
            case 1...:
                defer { PQfreemem(row) }
                if try !take(UnsafeRawBufferPointer(start: row, count: Int(length))) { return true }
            case -1:
                try finishCopy()
                return false
            default: throw broken()
            }
        }
    }

    private func finishCopy() throws {
        try forEachResult(limit: stallLimit, doing: "ending COPY") { _ in }
    }
}
