import Crypto
import FoundationEssentials

/// The payload of an age file: chunks of 64 KiB, each sealed with ChaCha20-Poly1305 under its number, so that none can be changed, moved, left out or
/// added; the last one says that it is the last.
struct AgeChunks: Sendable {
    static let plainSize = 64 << 10
    static let tagSize = 16
    static let sealedSize = plainSize + tagSize
    static let nonceSize = 16
    /// What `open` is given in front of the chunks.
    static let margin = 12

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
        return try plain.withUnsafeBytes { plain in
            try [UInt8](unsafeUninitializedCapacity: plain.count + count * Self.tagSize) { sealed, filled in
                for chunk in 0..<count {
                    let piece = UnsafeRawBufferPointer(rebasing: plain.dropFirst(chunk * Self.plainSize).prefix(Self.plainSize))
                    let nonce = try Self.nonce(first + Int64(chunk), isLast: ends && chunk == count - 1)
                    let box = try ChaChaPoly.seal(piece, using: key, nonce: nonce)
                    filled += Self.append(box.combined, dropping: Self.margin, to: sealed, at: filled)
                }
            }
        }
    }

    /// Opens consecutive chunks; only the last one may be shorter.
    /// - Parameter sealed: `margin` bytes of anything, then the chunks. The margin saves copying: ChaChaPoly wants a nonce in front of what it opens, and
    ///   from the second chunk on that stands where the tag of the one before has done its work.
    /// - Throws: `Fault` naming the first that is not what its writer sealed under that number.
    func open(_ sealed: consuming [UInt8], from first: Int64, ends: Bool) throws -> [UInt8] {
        let length = sealed.count - Self.margin
        let count = max(1, (length + Self.sealedSize - 1) / Self.sealedSize)
        guard length >= count * Self.tagSize else { throw Fault(chunk: first + Int64(count - 1)) }
        return try [UInt8](unsafeUninitializedCapacity: length - count * Self.tagSize) { plain, filled in
            for chunk in 0..<count {
                let number = first + Int64(chunk)
                let place = chunk * Self.sealedSize
                sealed.replaceSubrange(place..<place + Self.margin, with: Self.nonceBytes(number, isLast: ends && chunk == count - 1))
                let box = sealed[place..<min(place + Self.margin + Self.sealedSize, sealed.count)]
                guard let text = try? ChaChaPoly.open(ChaChaPoly.SealedBox(combined: box), using: key) else { throw Fault(chunk: number) }
                filled += Self.append(text, dropping: 0, to: plain, at: filled)
            }
        }
    }

    private static func append(_ data: Data, dropping skipped: Int, to buffer: UnsafeMutableBufferPointer<UInt8>, at place: Int) -> Int {
        data.withUnsafeBytes { bytes in
            let target = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[place...]))
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.dropFirst(skipped)))
            return bytes.count - skipped
        }
    }

    private static func nonce(_ number: Int64, isLast: Bool) throws -> ChaChaPoly.Nonce {
        try ChaChaPoly.Nonce(data: nonceBytes(number, isLast: isLast))
    }

    /// Eleven bytes of big-endian number, and one that is set for the last chunk.
    private static func nonceBytes(_ number: Int64, isLast: Bool) -> [UInt8] {
        [0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * Int64($0))) } + [isLast ? 1 : 0]
    }
}
