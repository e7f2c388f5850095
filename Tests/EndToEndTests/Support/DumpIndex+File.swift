import DumpFormat
import SystemPackage

extension DumpIndex {
    /// Reads the index of a dump in a file.
    init(of dump: FilePath) async throws {
        self = try await DumpReader.with(dump) { $0.index }
    }
}

extension DumpReader {
    /// Runs `body` with a reader of a dump in a file.
    static func with<Value>(_ dump: FilePath, _ body: (DumpReader) async throws -> Value) async throws -> Value {
        let file = try FileDescriptor.open(dump, .readOnly)
        defer { try? file.close() }
        let size = try file.seek(offset: 0, from: .end)
        let reader = try await DumpReader(byteCount: size) { offset, count in
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = try file.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        return try await body(reader)
    }
}
