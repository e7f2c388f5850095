import BackupModel
import DumpFormat

extension FileKind {
    /// Either end of a segmented dump gives it away, so that damage to one of them does not make it something else.
    static func of(_ file: any RandomAccessBytes, head: [UInt8]) async throws -> FileKind {
        if DumpReader.container(beginning: head) != nil { return .segmented }
        if try await hasClosingMember(file) { return .segmented }
        if isRDB(head) { return .rdb }
        if isRDB(expandedGzip(head)) { return .gzipRDB }
        let magics: [(FileKind, [UInt8])] = [
            (.gzipScript, [0x1f, 0x8b]), (.zstdScript, [0x28, 0xb5, 0x2f, 0xfd]), (.custom, Array("PGDMP".utf8)),
            (.encrypted, Array("age-encryption.org/v1".utf8)),
        ]
        if let (kind, _) = magics.first(where: { head.starts(with: $0.1) }) { return kind }
        return !head.isEmpty && looksLikeText(head) ? .script : .unknown
    }

    private static func isRDB(_ head: [UInt8]) -> Bool { ["REDIS0", "VALKEY"].contains { head.starts(with: $0.utf8) } }

    /// What can be expanded of the first bytes; nothing when they are no gzip, or damaged gzip.
    private static func expandedGzip(_ head: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        // An error only means that no more comes.
        try? head.withUnsafeBytes { try Container.gzip.streamExpander().expand($0) { text += $0 } }
        return text
    }

    private static func hasClosingMember(_ file: any RandomAccessBytes) async throws -> Bool {
        do {
            _ = try await DumpReader(byteCount: file.byteCount) { try await file.read(at: $0, count: $1) }
            return true
        } catch let error as DumpFormatError {
            return error.reason != .closingMemberMissing
        }
    }

    /// Scripts may be in any encoding, but control characters other than white space do not occur.
    private static func looksLikeText(_ head: [UInt8]) -> Bool {
        head.allSatisfy { $0 >= 0x20 || (0x09...0x0d).contains($0) }
    }
}
