import BackupModel
package import DumpFormat

/// A file that is an array.
package struct BytesInMemory: RandomAccessBytes {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var byteCount: Int64 { Int64(bytes.count) }

    package func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= byteCount, Int64(count) <= byteCount - offset else {
            throw BackupError(.storeFailed, "\(count) bytes at \(offset) lie outside \(byteCount) bytes")
        }
        return Array(bytes[Int(offset)...].prefix(count))
    }
}

extension DumpReader {
    /// Reads a dump that is in memory.
    package init(bytes: [UInt8]) async throws {
        let file = BytesInMemory(bytes)
        try await self.init(byteCount: file.byteCount) { try await file.read(at: $0, count: $1) }
    }
}
