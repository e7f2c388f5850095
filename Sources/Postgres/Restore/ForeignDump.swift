package import BackupModel
package import DumpFormat

/// A dump that another program wrote: pg_dump's plain script, perhaps compressed, or its custom archive.
package struct ForeignDump: Sendable {
    package enum Form: Sendable, Equatable {
        /// Nil: not compressed.
        case script(Container?)
        case archive
    }

    package var form: Form
    package var bytes: any RandomAccessBytes
    /// Where the file lies on this machine, if it does; pg_restore needs that to work in parallel.
    package var path: String?

    package init(form: Form, bytes: any RandomAccessBytes, path: String?) {
        self.form = form
        self.bytes = bytes
        self.path = path
    }

    /// By the first bytes of the file; nil for what is none of these.
    package static func form(beginning head: [UInt8]) -> Form? {
        if head.starts(with: "PGDMP".utf8) { return .archive }
        if head.starts(with: [0x1f, 0x8b]) { return .script(.gzip) }
        if head.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { return .script(.zstd) }
        let isText = !head.isEmpty && head.allSatisfy { $0 >= 0x20 || (0x09...0x0d).contains($0) }
        return isText ? .script(nil) : nil
    }

    /// Hands over the file piece by piece: expanded, and how many bytes of the file that was.
    func forEachPiece(_ take: ([UInt8], _ fileBytes: Int64) async throws -> Void) async throws {
        let expander = if case .script(let container?) = form { container.streamExpander() } else { nil as (any StreamExpander)? }
        var offset: Int64 = 0
        while offset < bytes.byteCount {
            let piece = try await bytes.read(at: offset, count: Int(min(bytes.byteCount - offset, Self.pieceBytes)))
            offset += Int64(piece.count)
            guard let expander else {
                try await take(piece, Int64(piece.count))
                continue
            }
            var text: [UInt8] = []
            try piece.withUnsafeBytes { try expander.expand($0) { text += $0 } }
            try await take(text, Int64(piece.count))
        }
        try expander?.finish()
    }

    /// Compressed text can grow a thousandfold, so little is read at once.
    private static let pieceBytes: Int64 = 64 << 10
}
