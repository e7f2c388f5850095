import DumpFormat
import SystemPackage

extension DumpIndex {
    /// Reads the index of a dump in a file.
    init(of dump: FilePath) async throws {
        let file = try FileDescriptor.open(dump, .readOnly)
        defer { try? file.close() }
        let size = try file.seek(offset: 0, from: .end)
        let reader = try await DumpReader(byteCount: size) { offset, count in
            try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = try file.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
        self = reader.index
    }
}
