package import BackupModel
import DumpFormat
import RDBFormat

/// An RDB file to restore from, as it lies in a store: plain, or compressed by gzip or zstd. It is read as often as needed.
package struct RDBFile: Sendable {
    /// For messages: a path or a key.
    package let name: String
    let bytes: any RandomAccessBytes

    package init(_ bytes: any RandomAccessBytes, name: String) {
        self.bytes = bytes
        self.name = name
    }

    /// The RDB file itself from its first byte, expanded.
    func pieces() async throws -> RDBPieces {
        let signature = try await bytes.read(at: 0, count: Int(min(4, bytes.byteCount)))
        return RDBPieces(file: self, bytes: bytes, expander: Self.container(signature)?.streamExpander())
    }

    static func container(_ signature: [UInt8]) -> Container? {
        if signature.starts(with: [0x1F, 0x8B]) { return .gzip }
        if signature.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
        return nil
    }

    func damaged(_ cause: any Error) -> BackupError {
        BackupError(
            .verificationFailed, "\(name) cannot be restored, it is damaged: \(cause)",
            hint: "Take an earlier one: call-center-admin db list.", cause: cause)
    }
}

/// Pulls the bytes of an RDB file in order.
struct RDBPieces {
    /// Of the file as it lies there. Deflate makes at most a thousand bytes of one, so this bounds what one piece can become.
    private static let compressedBytes: Int64 = 16 << 10
    private static let plainBytes: Int64 = 256 << 10

    private let file: RDBFile
    private let bytes: any RandomAccessBytes
    private let expander: (any StreamExpander)?
    private var offset: Int64 = 0

    init(file: RDBFile, bytes: any RandomAccessBytes, expander: (any StreamExpander)?) {
        self.file = file
        self.bytes = bytes
        self.expander = expander
    }

    /// Never empty; nil after the last one.
    /// - Throws: `BackupError` with `.verificationFailed` when the compressed file is damaged, and what reading it throws.
    mutating func next() async throws -> [UInt8]? {
        var piece: [UInt8] = []
        while piece.count < Self.plainBytes, let stored = try await nextStored() {
            guard let expander else { return stored }
            try expand(stored, expander, into: &piece)
        }
        if piece.isEmpty { try end() }
        return piece.isEmpty ? nil : piece
    }

    private mutating func nextStored() async throws -> [UInt8]? {
        let count = min(expander == nil ? Self.plainBytes : Self.compressedBytes, bytes.byteCount - offset)
        guard count > 0 else { return nil }
        defer { offset += count }
        return try await bytes.read(at: offset, count: Int(count))
    }

    private func expand(_ stored: [UInt8], _ expander: any StreamExpander, into piece: inout [UInt8]) throws {
        do {
            try stored.withUnsafeBytes { try expander.expand($0) { piece.append(contentsOf: $0) } }
        } catch let error as DumpFormatError {
            throw file.damaged(error)
        }
    }

    private func end() throws {
        do { try expander?.finish() } catch { throw file.damaged(error) }
    }
}

extension RDBFile {
    /// Reads all of it: whether it is whole, what is in it, and what of it a selection counts.
    /// - Parameter take: is given the file piece by piece, also when it turns out to be damaged further on.
    /// - Throws: `BackupError` with `.verificationFailed` for a file that is no RDB file or not the one that was written.
    func survey(
        _ selection: RDBSelection? = nil, _ progress: ProgressSink = { _ in }, _ take: ([UInt8]) async throws -> Void = { _ in }
    ) async throws -> RDBSummary {
        var survey = RDBSurvey(selection: selection)
        var pieces = try await pieces()
        while let piece = try await pieces.next() {
            try Task.checkCancellation()
            do { try piece.withUnsafeBytes { try survey.read($0) } } catch { throw damaged(error) }
            try await take(piece)
            progress(.advanced(bytes: Int64(piece.count), rows: 0, items: 0, item: nil))
        }
        do { return try survey.finish() } catch { throw damaged(error) }
    }
}
