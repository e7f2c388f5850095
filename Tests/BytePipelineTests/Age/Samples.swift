import BackupModel
import BytePipeline

/// Bytes in memory, as a file of a store.
struct ArrayBytes: RandomAccessBytes {
    var bytes: [UInt8]
    var byteCount: Int64 { Int64(bytes.count) }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        guard offset >= 0, offset + Int64(count) <= byteCount else { throw BackupError(.storeFailed, "beyond the end") }
        return Array(bytes[Int(offset)..<Int(offset) + count])
    }
}

/// Bytes that no compressor would find anything in, the same every time.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 32)
    }
}

/// What the sink makes of `plain`, handed over in pieces of `piece` bytes.
func encrypted(_ plain: [UInt8], to recipients: [AgeRecipient], piece: Int = 1 << 18) async throws -> [UInt8] {
    let end = ArraySink()
    let sink = try AgeEncryptingSink(end, to: recipients)
    for start in stride(from: 0, to: plain.count, by: piece) {
        try await sink.write(Array(plain[start..<min(start + piece, plain.count)]))
    }
    try await sink.finish()
    return end.bytes
}

/// All that the file holds, read the way restores read it.
func decrypted(_ sealed: [UInt8], with identities: [AgeIdentity], recipients: [String] = []) async throws -> [UInt8] {
    let file = try await AgeFile.open(
        ArrayBytes(bytes: sealed), name: "sample.age", identities: identities, recipients: recipients)
    let end = ArraySink()
    try await file.copy(to: end)
    return end.bytes
}
