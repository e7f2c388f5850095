import BackupModel
import Crypto

/// The payload of an age file: chunks of 64 KiB, each sealed with ChaCha20-Poly1305 under its number, so that none can be changed, moved, left out or
/// added; the last one says that it is the last.
struct AgeChunks: Sendable {
    static let plainSize = 64 << 10
    static let tagSize = ChunkCipher.tagSize
    static let sealedSize = plainSize + tagSize
    static let nonceSize = 16

    /// The number of the first chunk that does not authenticate.
    struct Fault: Error, Equatable {
        let chunk: Int64
    }

    private let key: SymmetricKey

    init(_ fileKey: AgeFileKey, nonce: [UInt8]) {
        key = fileKey.payloadKey(nonce: nonce)
    }

    /// Seals consecutive chunks; only the last one may be shorter.
    /// - Parameter ends: whether the last of them is the last of the file.
    func seal(_ plain: ArraySlice<UInt8>, from first: Int64, ends: Bool) throws -> [UInt8] {
        let count = max(1, (plain.count + Self.plainSize - 1) / Self.plainSize)
        let cipher = try ChunkCipher(.seal, key: key)
        return try plain.withUnsafeBytes { plain in
            try filled(plain.count + count * Self.tagSize) { sealed in
                for chunk in 0..<count {
                    let nonce = Self.nonce(first + Int64(chunk), isLast: ends && chunk == count - 1)
                    let target = UnsafeMutableRawBufferPointer(rebasing: sealed[Self.sealedRange(chunk, of: sealed.count)])
                    guard cipher.seal(.init(rebasing: plain[Self.plainRange(chunk, of: plain.count)]), nonce: nonce, into: target) else {
                        throw BackupError(.failed, "chunk \(first + Int64(chunk)) could not be encrypted")
                    }
                }
            }
        }
    }

    /// Opens consecutive chunks; only the last one may be shorter.
    /// - Throws: `Fault` naming the first that is not what its writer sealed under that number.
    func open(_ sealed: [UInt8], from first: Int64, ends: Bool) throws -> [UInt8] {
        let count = max(1, (sealed.count + Self.sealedSize - 1) / Self.sealedSize)
        guard sealed.count - (count - 1) * Self.sealedSize >= Self.tagSize else { throw Fault(chunk: first + Int64(count - 1)) }
        let cipher = try ChunkCipher(.open, key: key)
        return try sealed.withUnsafeBytes { sealed in
            try filled(sealed.count - count * Self.tagSize) { plain in
                for chunk in 0..<count {
                    let number = first + Int64(chunk)
                    let nonce = Self.nonce(number, isLast: ends && chunk == count - 1)
                    let target = UnsafeMutableRawBufferPointer(rebasing: plain[Self.plainRange(chunk, of: plain.count)])
                    guard cipher.open(.init(rebasing: sealed[Self.sealedRange(chunk, of: sealed.count)]), nonce: nonce, into: target) else {
                        throw Fault(chunk: number)
                    }
                }
            }
        }
    }

    /// An array of that many bytes, all of them written by `fill`; nothing is left of it when that throws.
    private func filled(_ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer).prefix(count)))
            filled = count
        }
    }

    private static func plainRange(_ chunk: Int, of count: Int) -> Range<Int> { chunk * plainSize..<min((chunk + 1) * plainSize, count) }

    private static func sealedRange(_ chunk: Int, of count: Int) -> Range<Int> { chunk * sealedSize..<min((chunk + 1) * sealedSize, count) }

    /// Eleven bytes of big-endian number, and one that is set for the last chunk.
    private static func nonce(_ number: Int64, isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * Int64($0))) } + [isLast ? 1 : 0]
    }
}
