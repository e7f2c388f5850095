import BackupModel
import DumpFormat

/// Takes the bytes of a file in order, expanded.
protocol ExpandedBytesReceiver: ~Copyable {
    mutating func take(_ bytes: UnsafeRawBufferPointer)
    /// What is being read, for progress: a table.
    var item: String? { get }
}

/// Reads a file from its first to its last byte, through the container around it where there is one.
struct ExpandedWalk {
    let request: FileVerification
    let container: Container?

    private static let pieceBytes: Int64 = 1 << 20

    /// - Throws: `DumpFormatError` with an offset in the file where the container is damaged; what reading the file throws.
    func run(into receiver: inout some ExpandedBytesReceiver & ~Copyable) async throws {
        let expander = container?.streamExpander()
        for offset in stride(from: 0, to: request.file.byteCount, by: Int64.Stride(Self.pieceBytes)) {
            let piece = try await request.file.read(at: offset, count: Int(min(Self.pieceBytes, request.file.byteCount - offset)))
            do {
                try piece.withUnsafeBytes { bytes in
                    guard let expander else { return receiver.take(bytes) }
                    try expander.expand(bytes) { receiver.take($0) }
                }
            } catch var error as DumpFormatError {
                error.offset = offset
                throw error
            }
            request.progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: receiver.item))
        }
        try expander?.finish()
    }
}
