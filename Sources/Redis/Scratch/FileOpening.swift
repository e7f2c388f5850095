import RDBFormat

/// What the beginning of a file says of it.
struct FileOpening: Sendable, Equatable {
    var header: RDBHeader
    /// By whom it was written.
    var writer: RedisVersion?
    /// Bytes of memory its data took there.
    var usedMemory: Int64?

    /// - Throws: `BackupError` with `.verificationFailed` when it is no RDB file.
    static func read(_ file: RDBFile) async throws -> FileOpening {
        var reader = RDBReader(receiver: FieldNotes())
        var pieces = try await file.pieces()
        if let piece = try await pieces.next() {
            do { try piece.withUnsafeBytes { try reader.read($0) } } catch { throw file.damaged(error) }
        }
        guard let header = reader.receiver.header else { throw file.damaged(RDBFormatError(.truncated, offset: 0)) }
        let fields = reader.receiver.fields
        let version = fields["valkey-ver"].map { RedisVersion(flavour: .valkey, text: $0) }
        return FileOpening(
            header: header, writer: version ?? fields["redis-ver"].map { RedisVersion(flavour: .redis, text: $0) },
            usedMemory: fields["used-mem"].flatMap { Int64($0) })
    }
}

private struct FieldNotes: RDBReceiver {
    private static let limit = 128
    var header: RDBHeader?
    var fields: [String: String] = [:]

    mutating func receive(_ event: RDBEvent) {
        switch event {
        case .begin(let header): self.header = header
        case .auxiliary(let name, let value) where fields.count < Self.limit && value.count < 256 && name.count < 256:
            fields[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
        default: break
        }
    }
}
