import NIOCore
import RDBFormat

/// One RESTORE as the server gets it. The value goes out in pieces straight from where it was cut: no second copy of it is made, and it may be longer
/// than a buffer can be.
struct RestoreMessage {
    /// A buffer that holds this much is sent.
    static let pieceBytes = 256 << 10

    let key: CutKey
    /// Of the file: RESTORE wants to know by which rules the value was written.
    let version: Int
    let replaces: Bool

    /// - Parameter send: takes what `buffer` holds, and empties it.
    func write(to buffer: inout ByteBuffer, send: (inout ByteBuffer) async throws -> Void) async throws {
        var payload = DumpPayload(type: key.header.type, version: version)
        writeBeginning(&buffer)
        buffer.writeBytes(payload.head)
        for start in stride(from: key.value.startIndex, to: key.value.endIndex, by: Self.pieceBytes) {
            let piece = key.value[start..<min(start + Self.pieceBytes, key.value.endIndex)]
            piece.withUnsafeBytes { payload.add($0) }
            buffer.writeBytes(piece)
            if buffer.readableBytes >= Self.pieceBytes { try await send(&buffer) }
        }
        buffer.writeBytes(payload.trailer)
        buffer.writeString("\r\n")
        for flag in flags { buffer.writeWord(Array(flag.utf8)) }
    }

    private func writeBeginning(_ buffer: inout ByteBuffer) {
        buffer.writeString("*\(4 + flags.count)\r\n")
        buffer.writeWord(Array("RESTORE".utf8))
        buffer.writeWord(key.header.name)
        buffer.writeWord(Array("\(key.header.expiresAt ?? 0)".utf8))
        buffer.writeString("$\(key.value.count + DumpPayload.overhead)\r\n")
    }

    private var flags: [String] {
        (key.header.expiresAt == nil ? [] : ["ABSTTL"]) + (replaces ? ["REPLACE"] : [])
    }
}
